"""The rules of ARCHITECTURE.md are read and enforced."""

from __future__ import annotations

from pathlib import Path

import pytest
from check_imports import Rules, check, python_imports, read_rules, web_imports

TABLES = """
# Who may import whom

| Python module | may import |
|---|---|
| `low`, `other` | |
| `high` | `low`, `js` |
| `top` | `*`, `!browser` |
| `browser` | `*` |

| Page folder | may import |
|---|---|
| `trace` | |
| `views` | `trace`, `@codemirror/*`, `examples` |
| `main` | `*` |

| Debt | imports | why |
|---|---|---|
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "ARCHITECTURE.md").write_text(TABLES, encoding="utf-8")
    for folder in ["py/loopscope/high", "web/src/views", "web/src/trace"]:
        (tmp_path / folder).mkdir(parents=True)
    for name in ["low", "other", "top", "browser", "high/__init__"]:
        (tmp_path / f"py/loopscope/{name}.py").write_text("")
    return tmp_path


def test_the_tables_are_read() -> None:
    assert read_rules(TABLES) == Rules(
        {"low": [], "other": [], "high": ["low", "js"], "top": ["*", "!browser"], "browser": ["*"]},
        {"trace": [], "views": ["trace", "@codemirror/*", "examples"], "main": ["*"]},
        set(),
    )


def test_what_the_tables_allow_passes(repository: Path) -> None:
    (repository / "py/loopscope/high/__init__.py").write_text(
        "import asyncio\nfrom .. import low\nfrom ..low import x\nimport loopscope.low\nfrom loopscope import low\n"
        "from . import inner\ndef f():\n    import js\n"
    )
    (repository / "py/loopscope/top.py").write_text("from . import high, low\nimport numpy\n")
    (repository / "web/src/views/a.ts").write_text(
        "import { a } from '../trace/lod';\nimport type { V } from '@codemirror/view';\nimport './a.css';\n"
        "const all = import.meta.glob('../../examples/*.py');\n// import nothing from here\n"
    )
    (repository / "web/src/main.ts").write_text(
        "import 'anything';\nnew URL('./views/w.ts', import.meta.url);"
    )
    assert check(repository) == []


@pytest.mark.parametrize(
    ("module", "source", "imported"),
    [
        ("low", "from .other import x", "other"),
        ("low", "def f():\n    from . import other", "other"),
        ("low", "import loopscope.other as o", "other"),
        ("low", "import js", "js"),
        ("high/__init__", "from ..top import x", "top"),
        ("high/inner", "from ..top import x", "top"),
        ("high/inner", "from loopscope import top", "top"),
        ("top", "from .browser import x", "browser"),
    ],
)
def test_a_forbidden_python_import_is_found(
    repository: Path, module: str, source: str, imported: str
) -> None:
    (repository / f"py/loopscope/{module}.py").write_text(source)
    (found,) = check(repository)
    assert found.startswith(f"py/loopscope/{module}.py:{source.count(chr(10)) + 1}: ")
    assert f"may not import `{imported}`" in found


@pytest.mark.parametrize(
    ("file", "source", "imported"),
    [
        ("trace/a.ts", "import { v } from '../views/v';", "views"),
        ("trace/a.ts", "import {\n  v,\n} from '../views/v';", "views"),
        ("trace/a.ts", "export * from '../main';", "main"),
        ("trace/a.ts", "const v = await import('../views/v');", "views"),
        ("trace/a.ts", "new Worker(new URL('../views/w.ts', import.meta.url));", "views"),
        ("trace/a.tsx", "import 'preact/hooks';", "preact"),
        ("trace/a.css", "@import '../views/v.css';", "views"),
        ("views/a.ts", "import { r } from 'virtual:loopscope-runtime';", "virtual:loopscope-runtime"),
        ("views/a.ts", "import { s } from '@preact/signals/x';", "@preact/signals"),
    ],
)
def test_a_forbidden_page_import_is_found(repository: Path, file: str, source: str, imported: str) -> None:
    (repository / f"web/src/{file}").write_text(source)
    (found,) = check(repository)
    assert found.startswith(f"web/src/{file}:")
    assert f"may not import `{imported}`" in found


def test_a_module_without_a_row_is_told(repository: Path) -> None:
    (repository / "py/loopscope/new.py").write_text("from . import low")
    (repository / "web/src/new.ts").write_text("import './trace/a';")
    assert [line.split(" has ")[0] for line in check(repository)] == [
        "py/loopscope/new.py:1: `new`",
        "web/src/new.ts:1: `new`",
    ]


def test_debt_is_allowed_until_it_is_paid(repository: Path) -> None:
    with (repository / "ARCHITECTURE.md").open("a", encoding="utf-8") as rules:
        rules.write("| `low` | `other` | until the clock moves |\n")
    (repository / "py/loopscope/low.py").write_text("from . import other")
    assert check(repository) == []
    (repository / "py/loopscope/low.py").write_text("")
    assert check(repository) == ["ARCHITECTURE.md: `low` no longer imports `other`. Take the debt out."]


def test_rules_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "ARCHITECTURE.md").write_text("nothing here")
    assert check(tmp_path) == ["ARCHITECTURE.md: the tables of who may import whom were not found."]


def test_the_repository_is_seen() -> None:
    root = Path(__file__).resolve().parents[2]
    assert {"tracer", "loop"} <= {item.importer for item in python_imports(root / "py/loopscope")}
    assert {"trace", "views"} <= {item.importer for item in web_imports(root / "web/src")}
