"""What a program needs beyond the standard library: script blocks, imports, versions of Python."""

from __future__ import annotations

import textwrap

import pytest
from loopscope.requirements import (
    DISTRIBUTIONS,
    Dependency,
    Import,
    RequirementError,
    Script,
    canonical,
    imports,
    python_fits,
    reaches_javascript,
    script_block,
)


def names(source: str) -> list[str]:
    return [item.name for item in imports(textwrap.dedent(source))]


def distributions(source: str) -> list[str]:
    return [item.distribution for item in imports(textwrap.dedent(source))]


def test_a_script_block_is_read_with_its_lines() -> None:
    source = textwrap.dedent("""\
        #!/usr/bin/env python
        # /// script
        # requires-python = ">=3.11"
        # dependencies = [
        #   "anyio>=4,<5",
        #
        #   "httpx[http2]; python_version > '3'",  # a comment
        # ]
        # [tool.other]
        # key = 1
        # ///
        import anyio
    """)
    assert script_block(source) == Script(
        (Dependency("anyio>=4,<5", 5), Dependency("httpx[http2]; python_version > '3'", 7)), ">=3.11", 3
    )
    assert script_block(source.replace("\n", "\r\n")) == script_block(source)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "import anyio",
        "# /// pyproject\n# dependencies = ['x']\n# ///",
        "# /// script\n# dependencies = ['never closed']",
        "#/// script\n# dependencies = ['x']\n# ///",
        "text = '''\n  # /// script\n  # ///\n'''",
    ],
)
def test_no_script_block(source: str) -> None:
    assert script_block(source) is None


def test_an_empty_script_block_asks_for_nothing() -> None:
    assert script_block("# /// script\n#\n# ///") == Script((), "", 1)


@pytest.mark.parametrize(
    ("source", "message", "line"),
    [
        ("# /// script\n# a = 1\n# dependencies = [\n# ///", "the script block is no TOML", 1),
        ("# /// script\n# a = 1\n# b = = 2\n# ///", "the script block is no TOML", 3),
        ("# /// script\n# a = 1\n# dependencies = 'anyio'\n# ///", "dependencies is a list of texts", 3),
        ("# /// script\n# dependencies = [1]\n# ///", "dependencies is a list of texts", 2),
        ("# /// script\n# requires-python = 3.11\n# ///", "requires-python is a text", 2),
        ("# /// script\n#\n# ///\n\n# /// script\n#\n# ///", "one script block", 5),
    ],
)
def test_a_script_block_that_cannot_be_read(source: str, message: str, line: int) -> None:
    with pytest.raises(RequirementError, match=message) as caught:
        script_block(source)
    assert caught.value.line == line


def test_imports_in_order_and_once() -> None:
    assert imports("import os, b, a.c\nfrom b.d import e\nimport a, asyncio.tasks as t\n") == [
        Import("b", 1),
        Import("a.c", 1),
    ]


def test_imports_wherever_they_stand() -> None:
    assert names("""
        try:
            import a
        except ImportError:
            import b
        else:
            import c
        async def f():
            async with x as y:
                from d import z
            match y:
                case 1:
                    import e
        class C:
            if x:
                import f
            for g in (): import g
        await f()
    """) == ["a", "b", "c", "d", "e", "f", "g"]


def test_what_is_no_import_of_a_package() -> None:
    assert names("""
        from __future__ import annotations
        import __main__, sys, js, pyodide.ffi, loopscope, sqlite3
        from . import sibling
        from .sibling import name
        from typing import TYPE_CHECKING
        import typing
        if TYPE_CHECKING:
            import numpy
        elif x:
            import real
        if typing.TYPE_CHECKING:
            import pandas
        text = "import nothing"
    """) == ["real"]


@pytest.mark.parametrize("source", ["import (", "\0", "x = " + "-" * 100_000 + "1"])
def test_what_is_no_python_imports_nothing(source: str) -> None:
    assert imports(source) == []


def test_import_names_become_distributions() -> None:
    assert distributions("""
        import yaml, bs4, PIL.Image, dateutil.parser, attr, attrs, typing_extensions, anyio
        from google.protobuf import message
        from google import protobuf
        import zope.interface.adapter
    """) == [
        "pyyaml",
        "beautifulsoup4",
        "pillow",
        "python-dateutil",
        "attrs",
        "typing-extensions",
        "anyio",
        "protobuf",
        "zope-interface",
    ]


def test_the_table_holds_exceptions_alone() -> None:
    # A dotted name is one by itself: without the table its first part would be taken for the distribution.
    plain = {name: distribution for name, distribution in DISTRIBUTIONS.items() if "." not in name}
    assert [name for name, distribution in plain.items() if canonical(name) == distribution] == []


@pytest.mark.parametrize(
    "specifier",
    ["", ">=3.11", ">= 3.14.2", "<4", "~=3.11", "~=3.14.0", "==3.14.*", "==3.14.2", "!=3.13.*", ">3.13",
     ">=3.8,!=3.9.0,<3.15", ">=3.14.0rc1", "<=3.14.2"],
)  # fmt: skip
def test_a_python_that_fits(specifier: str) -> None:
    assert python_fits(specifier, (3, 14, 2))


@pytest.mark.parametrize(
    "specifier",
    [">=3.15", "<3.14", "~=3.13.0", "==3.14", "==3.13.*", "!=3.14.*", ">3.14.2", ">=3.11,<3.14", "~=4.0"],
)
def test_a_python_that_does_not_fit(specifier: str) -> None:
    assert not python_fits(specifier, (3, 14, 2))


@pytest.mark.parametrize("specifier", ["3.11", "=>3", ">=three", "~=3", ">=3.*", "any"])
def test_no_specifier_at_all(specifier: str) -> None:
    with pytest.raises(ValueError, match="version"):
        python_fits(specifier, (3, 14, 2))


@pytest.mark.parametrize(
    "source",
    [
        "import js",
        "import asyncio, js",
        "from pyodide.ffi import create_proxy",
        "import pyodide_js",
        "def f():\n    from js import document as d",
        "import importlib\njs = importlib.import_module('js')",
        "import_module('pyodide.ffi')",
        "__import__('js')",
    ],
)
def test_every_way_to_javascript_is_seen(source: str) -> None:
    assert reaches_javascript(source)


@pytest.mark.parametrize(
    "source", ["import json", "text = '''\nimport js\n'''", "import_module(name)", "from . import js", "def"]
)
def test_what_only_looks_like_a_way_to_javascript_is_none(source: str) -> None:
    assert not reaches_javascript(source)


def test_a_unicode_separator_in_a_script_block_ends_no_line() -> None:
    block = "# /// script\n# # a\u2028comment\n# dependencies = [\n#   'anyio',\n# ]\n# ///\n"
    script = script_block(block)
    assert script is not None
    assert script.dependencies == (Dependency("anyio", 4),)
