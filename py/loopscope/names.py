"""Names of things: the variable or attribute an object was bound to where the program made it."""

from __future__ import annotations

import ast
import linecache
from types import CodeType
from typing import Final

# Line, end line, column, end column as the compiler counts them: columns in UTF-8 bytes.
Range = tuple[int | None, int | None, int | None, int | None]

MANY: Final = "[]"  # at a name's end: there are many, in a list or dict


class Names:
    """Finds names in the sources that ``linecache`` knows; a source is parsed once, when first asked for."""

    def __init__(self) -> None:
        self._files: dict[str, dict[Range, str]] = {}
        self._made: dict[tuple[str, Range], int] = {}

    def name_at(self, code: CodeType, lasti: int) -> str:
        """Name that the call at instruction ``lasti`` is bound to: ``lock``, ``self.queue``, ``forks[2]``; "" if none.

        Each object made at one place gets a name of its own.
        """
        place = _range(code, lasti)
        names = self._files.get(code.co_filename)
        if names is None:
            names = self._files[code.co_filename] = bound_names("".join(linecache.getlines(code.co_filename)))
        name = names.get(place, "")
        if not name:
            return ""
        made = self._made[code.co_filename, place] = self._made.get((code.co_filename, place), -1) + 1
        if name.endswith(MANY):
            return f"{name.removesuffix(MANY)}[{made}]"
        return f"{name} ({made + 1})" if made else name


def _range(code: CodeType, lasti: int) -> Range:
    for k, place in enumerate(code.co_positions()):
        if k == lasti // 2:
            return place
    return (None, None, None, None)


def bound_names(source: str) -> dict[Range, str]:
    """Where a call's result is bound to a name, by the call's range. Empty for what can't be parsed."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[Range, str] = {}
    # As the compiler counts them: splitlines() would count more.
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            targets: list[ast.expr] = node.targets
            value: ast.expr | None = node.value
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
            targets, value = [node.target], node.value
        else:
            continue
        if value is not None:
            _bind(targets[0], value, lines, found)
    return found


def _bind(target: ast.expr, value: ast.expr, lines: list[str], found: dict[Range, str]) -> None:
    if isinstance(target, (ast.Tuple, ast.List)):
        if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
            for one, other in zip(target.elts, value.elts, strict=True):
                _bind(one, other, lines, found)
        return
    if not isinstance(target, (ast.Name, ast.Attribute, ast.Subscript)):
        return
    name = _text(target, lines)
    if isinstance(value, ast.Call):
        found[value.lineno, value.end_lineno, value.col_offset, value.end_col_offset] = name
        return
    many: list[ast.expr] = []
    if isinstance(value, (ast.List, ast.Tuple)):
        many = value.elts
    elif isinstance(value, ast.ListComp):
        many = [value.elt]
    elif isinstance(value, ast.DictComp):
        many = [value.value]
    for element in many:
        if isinstance(element, ast.Call):
            place = element.lineno, element.end_lineno, element.col_offset, element.end_col_offset
            found[place] = name + MANY


def _text(node: ast.expr, lines: list[str]) -> str:
    """As it is written, in one line. (``ast`` has a function for that; it splits the source each time.)"""
    first, last = node.lineno - 1, node.end_lineno or node.lineno
    parts = [line.encode() for line in lines[first:last]]
    parts[-1] = parts[-1][: node.end_col_offset]
    parts[0] = parts[0][node.col_offset :]
    return " ".join(b" ".join(parts).decode().split())
