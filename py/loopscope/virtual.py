"""Virtual time for the program: whatever tells it the time agrees with the loop's clock, and chance is seeded."""

from __future__ import annotations

import datetime
import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

real_sleep: Final = time.sleep

# A run under the virtual clock begins at this moment, wherever and whenever it is made: 2026-01-01 00:00:00 UTC.
EPOCH: Final = 1_767_225_600


def _time_functions(clock: Any, sleep: Callable[[float], None]) -> dict[str, Callable[..., Any]]:
    """Stand-ins for functions of the ``time`` module, by name. Computing takes no virtual time."""
    gmtime, localtime, strftime = time.gmtime, time.localtime, time.strftime
    ctime, asctime = time.ctime, time.asctime

    def now() -> float:
        return EPOCH + float(clock.now)

    def since() -> float:
        return float(clock.now)

    def ns() -> int:
        return round(float(clock.now) * 1e9)

    return {
        "time": now,
        "time_ns": lambda: EPOCH * 10**9 + ns(),
        "monotonic": since,
        "monotonic_ns": ns,
        "perf_counter": since,
        "perf_counter_ns": ns,
        "process_time": lambda: 0.0,
        "process_time_ns": lambda: 0,
        "thread_time": lambda: 0.0,
        "thread_time_ns": lambda: 0,
        "gmtime": lambda seconds=None, /: gmtime(now() if seconds is None else seconds),
        "localtime": lambda seconds=None, /: localtime(now() if seconds is None else seconds),
        "ctime": lambda seconds=None, /: ctime(now() if seconds is None else seconds),
        "asctime": lambda parts=None, /: asctime(localtime(now()) if parts is None else parts),
        "strftime": lambda form, parts=None, /: strftime(form, localtime(now()) if parts is None else parts),
        "sleep": sleep,
    }


def _date_classes() -> tuple[type[datetime.datetime], type[datetime.date]]:
    """``datetime`` and ``date`` whose idea of now is ``time.time()``'s.

    They are subclasses that pass for the real ones: instances made elsewhere count as theirs, and names are the same.
    """
    real_datetime, real_date = datetime.datetime, datetime.date

    class Passing(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, cls.__base__ or cls)

        def __subclasscheck__(cls, subclass: type) -> bool:
            return issubclass(subclass, cls.__base__ or cls)

    class VirtualDatetime(real_datetime, metaclass=Passing):  # type: ignore[misc, valid-type]
        def __repr__(self) -> str:
            return f"datetime.{super().__repr__()}"

        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return cls.fromtimestamp(time.time(), tz)

        @classmethod
        def utcnow(cls) -> Any:
            return cls.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)

        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(time.time())

    class VirtualDate(real_date, metaclass=Passing):  # type: ignore[misc, valid-type]
        def __repr__(self) -> str:
            return f"datetime.{super().__repr__()}"

        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(time.time())

    for cls, name in ((VirtualDatetime, "datetime"), (VirtualDate, "date")):
        cls.__name__ = cls.__qualname__ = name
        cls.__module__ = "datetime"
    return VirtualDatetime, VirtualDate


@contextmanager
def virtual_time(clock: Any, seed: int, sleep: Callable[[float], None] | None = None) -> Iterator[None]:
    """While it is entered the program reads ``clock``, if that is virtual, and its randomness is seeded.

    ``sleep`` stands in for ``time.sleep``; the default lets ``clock`` advance.
    """
    if not clock.virtual:
        yield
        return

    def advance(seconds: float, /) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        clock.advance(seconds)

    stand_ins = {k: v for k, v in _time_functions(clock, sleep or advance).items() if hasattr(time, k)}
    undo: list[tuple[Any, str, Any]] = [(time, name, getattr(time, name)) for name in stand_ins]
    undo += [(datetime, name, getattr(datetime, name)) for name in ("datetime", "date")]
    undo += [(logging, "_startTime", getattr(logging, "_startTime"))]  # noqa: B009
    state = random.getstate()
    random.seed(seed)
    for name, function in stand_ins.items():
        function.__name__ = function.__qualname__ = name
        setattr(time, name, function)
    datetime.datetime, datetime.date = _date_classes()  # type: ignore[misc]
    whole = isinstance(getattr(logging, "_startTime"), int)  # noqa: B009  # nanoseconds from 3.13 on
    setattr(logging, "_startTime", EPOCH * 10**9 if whole else float(EPOCH))  # noqa: B010
    try:
        yield
    finally:
        random.setstate(state)
        for module, name, value in undo:
            setattr(module, name, value)
