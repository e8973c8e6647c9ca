"""What the tracer asks of a program's objects: their number, and what they are called.

A program's classes may answer with code of their own, for which nobody asked, and which may fail. So nothing here goes
through their ``__getattribute__``, ``__getattr__``, ``__setattr__`` or ``__class__``; what they hide is not known.
"""

from __future__ import annotations

import functools
import types
from typing import Any, Final

ID: Final = "_loopscope_id"  # C tasks and futures take attributes: an id costs no table and no weak reference

_HEAP_TYPE: Final = 1 << 9  # a class that was made by a class statement
_qualname: Any = type.__dict__["__qualname__"]
_flags: Any = type.__dict__["__flags__"]
_inner: Any = functools.partial.func
_DEEP: Final = 20  # callables in callables


def number_of(subject: object) -> int:
    """The number that was given to an object; 0: none was."""
    try:
        number: int = object.__getattribute__(subject, ID)
    except Exception:
        return 0
    return number


def give_number(subject: object, number: int) -> bool:
    """Give an object a number. False for what takes no attributes."""
    try:
        object.__setattr__(subject, ID, number)
    except Exception:
        return False
    return True


def type_name(cls: type) -> str:
    """The qualified name of a class, whatever its metaclass says."""
    name: str = _qualname.__get__(cls)
    return name


def is_of_program(cls: type) -> bool:
    """Whether a class was made by a class statement: its methods may be anybody's."""
    return bool(_flags.__get__(cls) & _HEAP_TYPE)


def callable_name(callback: object) -> str:
    """The qualified name of a function, of what a method or partial calls, or of an object's class."""
    for _ in range(_DEEP):
        if issubclass(type(callback), functools.partial):
            callback = _inner.__get__(callback)
        elif type(callback) is types.MethodType:
            callback = callback.__func__
        else:
            break
    if issubclass(type(callback), type):
        return type_name(callback)  # type: ignore[arg-type]
    try:
        if is_of_program(type(callback)):
            name = object.__getattribute__(callback, "__dict__").get("__qualname__")
        else:
            name = object.__getattribute__(callback, "__qualname__")
    except Exception:
        name = None
    return name if type(name) is str else type_name(type(callback))
