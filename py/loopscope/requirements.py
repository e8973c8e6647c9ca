"""What a program needs that Python doesn't bring: its script block and its imports.

A script block is PEP 723's inline metadata: comments between ``# /// script`` and ``# ///`` that hold TOML.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# Import names whose distribution has another name. A dotted one stands for a part of a namespace package.
DISTRIBUTIONS: Final = {
    "Crypto": "pycryptodome",
    "OpenSSL": "pyopenssl",
    "PIL": "pillow",
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "cairo": "pycairo",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "fitz": "pymupdf",
    "git": "gitpython",
    "gi": "pygobject",
    "google.protobuf": "protobuf",
    "grpc": "grpcio",
    "jose": "python-jose",
    "jwt": "pyjwt",
    "magic": "python-magic",
    "markdown_it": "markdown-it-py",
    "mpl_toolkits": "matplotlib",
    "multipart": "python-multipart",
    "nacl": "pynacl",
    "OpenGL": "pyopengl",
    "pkg_resources": "setuptools",
    "pptx": "python-pptx",
    "psycopg2": "psycopg2-binary",
    "rest_framework": "djangorestframework",
    "ruamel.yaml": "ruamel-yaml",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "slugify": "python-slugify",
    "socks": "pysocks",
    "telegram": "python-telegram-bot",
    "usb": "pyusb",
    "websocket": "websocket-client",
    "win32api": "pywin32",
    "wx": "wxpython",
    "yaml": "pyyaml",
    "zmq": "pyzmq",
    "zope.interface": "zope-interface",
}

# Ours and Pyodide's: there, or not to be had from an index.
_PROVIDED: Final = {"__main__", "loopscope", "js", "pyodide", "pyodide_js", "_pyodide"}

_BLOCK: Final = re.compile(r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$")


class RequirementError(ValueError):
    """What a program asks for makes no sense; ``line`` says where, from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Dependency:
    """A requirement of the script block in PEP 508's notation, and the line it stands on, from 1."""

    requirement: str
    line: int


@dataclass(frozen=True)
class Script:
    """A script block: what the program depends on, and the Python it asks for ("": any)."""

    dependencies: tuple[Dependency, ...] = ()
    requires_python: str = ""
    line: int = 1


@dataclass(frozen=True)
class Import:
    """An import of a module that isn't the standard library's, by its dotted name, and its first line, from 1."""

    name: str
    line: int

    @property
    def module(self) -> str:
        """The module that shows whether it is there: the first part, or more of a namespace package."""
        parts = self.name.split(".")
        longer = (".".join(parts[:end]) for end in range(len(parts), 1, -1))
        return next((name for name in longer if name in DISTRIBUTIONS), parts[0])

    @property
    def distribution(self) -> str:
        """What to install for it."""
        return DISTRIBUTIONS.get(self.module) or canonical(self.module)


def canonical(name: str) -> str:
    """A distribution's name as indexes write it (PEP 503).

    >>> canonical("Typing_Extensions")
    'typing-extensions'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def script_block(source: str) -> Script | None:
    """The program's script block, None where it has none. Raises RequirementError where it can't be read."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    blocks = [match for match in _BLOCK.finditer(source) if match["type"] == "script"]
    if not blocks:
        return None
    lines = [source.count("\n", 0, block.start()) + 1 for block in blocks]
    if len(blocks) > 1:
        raise RequirementError("a program has one script block, and this is another one", lines[1])
    content = [line.removeprefix("#").removeprefix(" ") for line in blocks[0]["content"].split("\n")]
    first = lines[0]

    # Few programs have such a block; for all others it would be in the first visit's way.
    import tomllib

    def line_of(text: str) -> int:
        return next((first + 1 + k for k, line in enumerate(content) if text in line), first)

    try:
        data = tomllib.loads("\n".join(content))
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        message = re.sub(r" \(at (line \d+, column \d+|end of document)\)$", "", str(error))
        raise RequirementError(
            f"the script block is no TOML: {message}", first + int(at[1] if at else 0)
        ) from None
    dependencies = data.get("dependencies", [])
    if not isinstance(dependencies, list) or not all(isinstance(item, str) for item in dependencies):
        raise RequirementError("dependencies is a list of texts", line_of("dependencies"))
    requires = data.get("requires-python", "")
    if not isinstance(requires, str):
        raise RequirementError("requires-python is a text", line_of("requires-python"))
    return Script(
        tuple(Dependency(item.strip(), line_of(item)) for item in dependencies),
        requires.strip(),
        line_of("requires-python") if requires else first,
    )


def imports(source: str) -> list[Import]:
    """What the program imports beyond the standard library, in its order; nothing where it is no Python.

    Imports for type checkers alone don't count.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found: dict[str, Import] = {}
    for name, line in _imported(tree):
        item = Import(name, line)
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names and top not in _PROVIDED:
            found.setdefault(item.distribution, item)
    return list(found.values())


_FROM_JAVASCRIPT: Final = {"js", "pyodide", "pyodide_js", "_pyodide"}


def reaches_javascript(source: str) -> bool:
    """Whether the program may leave callbacks with JavaScript: it imports what leads there, in whatever way."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    names = [name for name, _ in _imported(tree)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "__import__"):
                names.append(str(node.args[0].value))
    return any(name.partition(".")[0] in _FROM_JAVASCRIPT for name in names)


def _imported(node: ast.AST) -> Iterator[tuple[str, int]]:
    # By hand, not ast.walk: in the program's order, and expressions hold no imports.
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield alias.name, child.lineno
        elif isinstance(child, ast.ImportFrom):
            if child.module and not child.level:
                # `from google import protobuf` names a module where the table knows one by that name.
                names = [f"{child.module}.{alias.name}" for alias in child.names]
                for name in [name for name in names if name in DISTRIBUTIONS] or [child.module]:
                    yield name, child.lineno
        elif isinstance(child, ast.If) and _for_type_checkers(child.test):
            for other in child.orelse:
                yield from _imported(ast.Module([other], []))
        elif not isinstance(child, ast.expr):
            yield from _imported(child)


def _for_type_checkers(test: ast.expr) -> bool:
    name = test.id if isinstance(test, ast.Name) else test.attr if isinstance(test, ast.Attribute) else ""
    return name == "TYPE_CHECKING"


_CLAUSE: Final = re.compile(r"(~=|==|!=|<=|>=|<|>)\s*v?(\d+(?:\.\d+)*)(\.\*)?(?:[-_.]?[a-z]+[-_.]?\d*)*")


def python_fits(specifier: str, version: tuple[int, ...]) -> bool:
    """Whether a Python (``sys.version_info[:3]``) is one that ``requires-python`` asks for.

    PEP 440's version specifiers, pre-releases aside. Raises ValueError for what is none.

    >>> python_fits(">=3.11,<4", (3, 14, 2)), python_fits(">=3.15", (3, 14, 2)), python_fits("==3.13.*", (3, 14, 2))
    (True, False, False)
    """
    for clause in filter(None, map(str.strip, specifier.split(","))):
        match = _CLAUSE.fullmatch(clause.lower())
        if match is None or (match[3] and match[1] not in ("==", "!=")):
            raise ValueError(f"{clause!r} is no version specifier")
        wanted = tuple(map(int, match[2].split(".")))
        if not _holds(match[1], version, wanted, bool(match[3])):
            return False
    return True


def _holds(operator: str, version: tuple[int, ...], wanted: tuple[int, ...], any_below: bool) -> bool:
    if operator == "~=":
        if len(wanted) < 2:
            raise ValueError("~= wants a version of two numbers or more")
        return version >= wanted and version[: len(wanted) - 1] == wanted[:-1]
    size = len(wanted) if any_below else max(len(version), len(wanted))
    have = (version + (0,) * size)[:size]
    want = (wanted + (0,) * size)[:size]
    return {
        "==": have == want,
        "!=": have != want,
        "<=": have <= want,
        ">=": have >= want,
        "<": have < want,
        ">": have > want,
    }[operator]
