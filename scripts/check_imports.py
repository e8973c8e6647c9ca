"""Check that every module imports only what ARCHITECTURE.md lets it import.

The tables under "Who may import whom" are the rules. A first cell names modules (of `py/loopscope`) or folders and
files (of `web/src`), a second what they may import: names of the same kind, packages from elsewhere, patterns
(`@codemirror/*`), `*` for anything, `!name` for anything but. Python's standard library is always allowed.
"""

from __future__ import annotations

import ast
import posixpath
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON, WEB, DEBT = "Python module", "Page folder", "Debt"


@dataclass(frozen=True)
class Import:
    """One import: where it stands, who imports, and what (a module of ours, or a package's name)."""

    place: str
    importer: str
    imported: str


@dataclass
class Rules:
    """What the tables of ARCHITECTURE.md say."""

    python: dict[str, list[str]] = field(default_factory=dict)
    web: dict[str, list[str]] = field(default_factory=dict)
    debt: set[tuple[str, str]] = field(default_factory=set)


def read_rules(markdown: str) -> Rules:
    """Read the tables: name in the first cell → names in the second."""
    rules = Rules()
    kind = ""
    for line in markdown.splitlines():
        if not line.startswith("|"):
            kind = ""
            continue
        cells = line.strip("|").split("|")
        if not kind:
            kind = cells[0].strip()
            continue
        names, allowed = (re.findall("`([^`]+)`", cell) for cell in cells[:2])
        for name in names:
            if kind == DEBT:
                rules.debt |= {(name, imported) for imported in allowed}
            elif kind in (PYTHON, WEB):
                (rules.python if kind == PYTHON else rules.web)[name] = allowed
    return rules


def allows(allowed: Iterable[str], imported: str) -> bool:
    """Whether a list of names and patterns covers an import; `!name` outweighs the rest.

    >>> allows(["*", "!browser"], "browser"), allows(["@codemirror/*"], "@codemirror/view")
    (False, True)
    """
    patterns = list(allowed)
    return not any(fnmatchcase(imported, p[1:]) for p in patterns if p.startswith("!")) and any(
        fnmatchcase(imported, p) for p in patterns if not p.startswith("!")
    )


def violations(
    imports: Iterable[Import], table: dict[str, list[str]], debt: set[tuple[str, str]]
) -> Iterator[str]:
    """What breaks the rules, in words."""
    for item in imports:
        if item.importer == item.imported or (item.importer, item.imported) in debt:
            continue
        if item.importer not in table:
            yield f"{item.place}: `{item.importer}` has no row in ARCHITECTURE.md. Say there what it may import."
        elif not allows(table[item.importer], item.imported):
            may = ", ".join(table[item.importer]) or "nothing"
            yield f"{item.place}: `{item.importer}` may not import `{item.imported}` (it may import: {may})."


def python_imports(package: Path) -> Iterator[Import]:
    """Every import of the package that leaves its module, standard library aside."""
    own = {path.stem if path.is_file() else path.name for path in package.iterdir()}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        for node in ast.walk(ast.parse(path.read_bytes(), str(path))):
            place = f"{path}:{getattr(node, 'lineno', 0)}"
            for name in _python_names(node, (package.name, *parts[:-1]), package.name, own):
                yield Import(place, parts[0], name)


def _python_names(node: ast.AST, where: tuple[str, ...], package: str, own: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        targets = [tuple(alias.name.split(".")) for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        base = where[: len(where) - node.level + 1] if node.level else ()
        base += tuple(node.module.split(".")) if node.module else ()
        # `from loopscope import loop` imports the module, `from loopscope import record` may be a name.
        single = base == (package,)
        targets = [(*base, alias.name) if single and alias.name in own else base for alias in node.names]
    else:
        return
    ours = {target[1] if len(target) > 1 else "__init__" for target in targets if target[0] == package}
    others = {target[0] for target in targets} - {package} - sys.stdlib_module_names
    yield from sorted(ours | others)


# Static imports and exports, dynamic imports, worker and asset URLs, globs, style sheets' imports.
SCRIPT_IMPORT = re.compile(
    r"""(?:^|[\s;}])(?:import|export)\s+(?:[^'"`;]*?\sfrom\s*)?(['"])(?P<a>[^'"]+)\1
      | \bimport\s*\(\s*(?:/\*.*?\*/\s*)?(['"`])(?P<b>[^'"`]+)\3
      | \bnew\s+URL\(\s*(['"])(?P<c>[^'"]+)\5\s*,\s*import\.meta\.url
      | \bimport\.meta\.glob(?:<[^>]*>)?\(\s*(['"])(?P<d>[^'"]+)\7""",
    re.VERBOSE | re.DOTALL,
)
STYLE_IMPORT = re.compile(r"""@import\s+(?:url\()?['"](?P<a>[^'"]+)""")


def web_imports(source: Path) -> Iterator[Import]:
    """Every import below web/src that leaves its folder; type-only imports count as well."""
    for path in sorted(source.rglob("*")):
        if path.suffix not in (".ts", ".tsx", ".css") or path.name.endswith(".d.ts"):
            continue
        text = path.read_text(encoding="utf-8")
        inside = path.relative_to(source).as_posix()
        for match in (STYLE_IMPORT if path.suffix == ".css" else SCRIPT_IMPORT).finditer(text):
            target = next(filter(None, match.groupdict().values()))
            if "${" in target:
                continue  # known when it runs: a file of the runtime, by its URL
            line = text.count("\n", 0, match.end()) + 1
            yield Import(f"{path}:{line}", _folder(inside), _web_name(inside, target))


def _web_name(importer: str, target: str) -> str:
    if target.startswith("."):
        return _folder(posixpath.normpath(posixpath.join(posixpath.dirname(importer), target.split("?")[0])))
    if target.startswith("virtual:"):
        return target
    parts = target.split("/")
    return "/".join(parts[: 2 if target.startswith("@") else 1])


def _folder(path: str) -> str:
    """`trace/lod.ts` → `trace`, `main.ts` → `main`, `../examples/*.py` → `examples`."""
    while path.startswith("../"):
        path = path[3:]
    return path.split("/")[0] if "/" in path else path.split(".")[0]


def check(root: Path = ROOT) -> list[str]:
    """Everything that breaks the rules, one line each."""
    rules = read_rules((root / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    if not (rules.python and rules.web):
        return ["ARCHITECTURE.md: the tables of who may import whom were not found."]
    python = list(python_imports(root / "py/loopscope"))
    web = list(web_imports(root / "web/src"))
    found = [*violations(python, rules.python, rules.debt), *violations(web, rules.web, rules.debt)]
    made = {(item.importer, item.imported) for item in [*python, *web]}
    paid = [
        f"ARCHITECTURE.md: `{a}` no longer imports `{b}`. Take the debt out."
        for a, b in sorted(rules.debt - made)
    ]
    return [line.replace(f"{root}/", "") for line in [*found, *paid]]


def main() -> int:
    found = check()
    print("\n".join(found) if found else "Every import is one that ARCHITECTURE.md allows.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
