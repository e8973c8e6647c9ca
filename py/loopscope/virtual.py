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
LONGEST: Final = 2**63 / 1e9  # seconds that CPython can sleep


def _time_functions(clock: Any, sleep: Callable[[float], None]) -> dict[str, Callable[..., Any]]:
    """Stand-ins for functions of the ``time`` module, by name. Computing takes no virtual time."""
    gmtime, localtime, strftime = time.gmtime, time.localtime, time.strftime
    ctime, asctime = time.ctime, time.asctime

    def now() -> float:
        return EPOCH + float(clock.time())

    def since() -> float:
        return float(clock.time())

    def ns() -> int:
        return round(float(clock.time()) * 1e9)

    clocks = _clocks()

    def of_clock(
        told: dict[str, Callable[[], float]], real: Callable[[int], float]
    ) -> Callable[[int], float]:
        def read(clk_id: int, /) -> float:
            kind = clocks.get(clk_id)
            return told[kind]() if kind else real(clk_id)

        return read

    functions: dict[str, Callable[..., Any]] = {
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
    for unit in ("", "_ns"):
        if hasattr(time, f"clock_gettime{unit}"):
            functions[f"clock_gettime{unit}"] = of_clock(
                {kind: functions[kind + unit] for kind in ("time", "monotonic", "process_time")},
                getattr(time, f"clock_gettime{unit}"),
            )
    return functions


def _clocks() -> dict[int, str]:
    """The clocks of ``time.clock_gettime`` → the function that tells the same time."""
    kinds = {
        "time": ("REALTIME", "REALTIME_COARSE", "TAI"),
        "monotonic": ("MONOTONIC", "MONOTONIC_RAW", "MONOTONIC_COARSE", "BOOTTIME", "UPTIME_RAW"),
        "process_time": ("PROCESS_CPUTIME_ID", "THREAD_CPUTIME_ID"),
    }
    names = ((kind, f"CLOCK_{name}") for kind, group in kinds.items() for name in group)
    return {getattr(time, name): kind for kind, name in names if hasattr(time, name)}


def _date_classes() -> tuple[type[datetime.datetime], type[datetime.date]]:
    """``datetime`` and ``date`` whose idea of now is ``time.time()``'s.

    They are subclasses that pass for the real ones: instances made elsewhere count as theirs, and names are the same.
    """
    real_datetime, real_date = datetime.datetime, datetime.date
    stands_for: dict[type, type] = {}

    class Passing(type):
        # The program's own subclasses inherit this metaclass, and pass for nothing.
        def __instancecheck__(cls, instance: object) -> bool:
            real = stands_for.get(cls)
            return isinstance(instance, real) if real else super().__instancecheck__(instance)

        def __subclasscheck__(cls, subclass: type) -> bool:
            real = stands_for.get(cls)
            return issubclass(subclass, real) if real else super().__subclasscheck__(subclass)

    def shown(moment: object, text: str) -> str:
        return f"datetime.{text}" if type(moment) in stands_for else text  # as classes of C's own say it

    class VirtualDatetime(real_datetime, metaclass=Passing):  # type: ignore[misc, valid-type]
        def __repr__(self) -> str:
            return shown(self, super().__repr__())

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
            return shown(self, super().__repr__())

        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(time.time())

    stands_for[VirtualDatetime], stands_for[VirtualDate] = real_datetime, real_date
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

    lets_pass = sleep or clock.advance

    def sleeps(seconds: float, /) -> None:
        if seconds != seconds:
            raise ValueError("Invalid value NaN (not a number)")
        if not -LONGEST <= seconds < LONGEST:
            raise OverflowError("timestamp too large to convert to C PyTime_t")
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        lets_pass(seconds)

    stand_ins = {k: v for k, v in _time_functions(clock, sleeps).items() if hasattr(time, k)}
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
