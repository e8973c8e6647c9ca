"""Local variables of suspended tasks, as short texts.

Nothing of the program's is called for it: no ``__repr__``, no property, no ``__class__``. What is no plain value is
shown by its real type's name, and an object by the attributes in its own dictionary.
"""

from __future__ import annotations

import asyncio
import collections
import types
import weakref
from collections.abc import Callable, Iterator
from typing import Any, Final

from .frames import parts
from .places import is_library

# Of a task: frames, and of each its variables. Of a value: characters of a text, entries of a collection, levels.
FRAMES, NAMES, TEXT, ENTRIES, LEVELS = 8, 30, 60, 6, 3
ROOM: Final = 4_000_000  # characters of a whole run

TASK: Final = asyncio.Task  # while a program runs that name means a class below it

Frame = tuple[str, int, list[tuple[str, str]]]  # function, line, names and values

_BRACKETS: Final[dict[type, tuple[str, str]]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
    collections.deque: ("deque([", "])"),
}
_NAMED: Final = (types.FunctionType, types.BuiltinFunctionType, types.ModuleType)
_type_name: Any = type.__dict__["__name__"]
_type_mro: Any = type.__dict__["__mro__"]
_type_flags: Any = type.__dict__["__flags__"]
_HEAP: Final = 1 << 9  # made at run time, as a program's own classes are


def shown(value: object, level: int = 0) -> str:
    """A value in a few characters."""
    kind = type(value)
    if value is None or kind is bool or kind is float or kind is complex:
        return repr(value)
    if kind is int:
        number: Any = value
        bits = number.bit_length()
        return repr(number) if bits < 200 else f"<int of {bits} bits>"
    if kind is str or kind is bytes:
        text: Any = value
        return f"{text[:TEXT]!r}…" if len(text) > TEXT else repr(text)
    brackets = _BRACKETS.get(kind)
    if brackets is not None:
        return _collection(value, brackets, level)
    if kind is dict:
        entries: Any = value
        inside = _listed(
            (f"{shown(key, level + 1)}: {shown(entry, level + 1)}" for key, entry in dict.items(entries)),
            len(entries),
            level,
        )
        return f"{{{inside}}}"
    if kind in _NAMED:
        named: Any = value
        return f"<{'module' if kind is types.ModuleType else 'function'} {named.__name__}>"
    if kind is type:
        return f"<class {_type_name.__get__(value)}>"
    return _object(value, kind, level)


def _collection(value: Any, brackets: tuple[str, str], level: int) -> str:
    if not value:
        return "set()" if type(value) is set else "".join(brackets)
    inside = _listed((shown(entry, level + 1) for entry in value), len(value), level)
    tail = "," if type(value) is tuple and len(value) == 1 else ""
    return f"{brackets[0]}{inside}{tail}{brackets[1]}"


def _listed(entries: Iterator[str], count: int, level: int) -> str:
    if level >= LEVELS:
        return "…" if count else ""
    told = [entry for _, entry in zip(range(ENTRIES), entries, strict=False)]
    return ", ".join(told) + (f", … {count - ENTRIES} more" if count > ENTRIES else "")


def _object(value: object, kind: type, level: int) -> str:
    name: str = _type_name.__get__(kind)[:TEXT]
    mro: tuple[type, ...] = _type_mro.__get__(kind)
    if TASK in mro:
        task: Any = value
        return f"<Task {TASK.get_name(task)[:TEXT]}>"
    if level + 1 >= LEVELS or not _type_flags.__get__(kind) & _HEAP:
        return f"<{name}>"
    for base in mro:
        own = type.__getattribute__(base, "__dict__").get("__dict__")
        if own is None:
            continue
        if type(own) is not types.GetSetDescriptorType:
            break  # the program's own idea of a dictionary
        fields = own.__get__(value)
        member = dict.get(fields, "_name_")  # of an Enum
        if type(member) is str:
            return f"<{name}.{member[:TEXT]}>"
        plain = {
            key: entry for key, entry in dict.items(fields) if type(key) is str and not key.startswith("_")
        }
        inside = _listed(
            (f"{key[:TEXT]}={shown(entry, level + 1)}" for key, entry in plain.items()), len(plain), level
        )
        return f"<{name} {inside}>" if inside else f"<{name}>"
    return f"<{name}>"


def frames_of(coroutine: object) -> list[Frame]:
    """The program's own frames of a suspended coroutine and what it awaits, outermost first, with their variables."""
    found: list[Frame] = []
    inner: Any = coroutine
    while len(found) < FRAMES and (part := parts(inner)) is not None:
        code, frame, inner = part
        if frame is None or is_library(code.co_filename):
            continue
        names = [
            (name[:TEXT], shown(value))
            for name, value in list(frame.f_locals.items())[:NAMES]
            if type(name) is str and not name.startswith(".")
        ]
        found.append((code.co_qualname[: 2 * TEXT], frame.f_lineno or 0, names))
    return found


class Variables:
    """What suspended tasks' variables are, told where they change.

    A task is looked at before the next handle runs: nothing has happened since its step.
    """

    def __init__(self, id_of: Callable[[Any], int], full: Callable[[], None]) -> None:
        self._id_of = id_of
        self._full = full
        self._room = ROOM
        # Nothing is kept alive: when an exception is lost, or a task destroyed, must not hang on who looks.
        self._latest: Callable[[], Any] | None = None
        self._known: dict[int, list[Frame]] = {}
        self._new: list[tuple[int, int, list[Frame]]] = []

    def runs(self, task: Any) -> None:
        """``task`` is about to run a step; None: no task is."""
        self._latest = None if task is None else weakref.ref(task)

    def look(self, event: int) -> None:
        """Look at the task that ran last; ``event`` is its step's."""
        latest, self._latest = self._latest, None
        task = latest and latest()
        if task is not None:
            self.take(task, event)

    def take(self, task: Any, event: int) -> None:
        """Note the variables of ``task`` if it is suspended and they have changed."""
        if self._room < 0 or task.done():
            return
        found = frames_of(task.get_coro())
        number = self._id_of(task)
        if not found or self._known.get(number) == found:
            return
        self._known[number] = found
        self._room -= sum(len(name) + len(value) for _, _, names in found for name, value in names)
        if self._room < 0:
            self._full()
        else:
            self._new.append((event, number, found))

    def take_meta(self) -> list[tuple[int, int, list[Frame]]]:
        """What is new since it was asked for."""
        new, self._new = self._new, []
        return new
