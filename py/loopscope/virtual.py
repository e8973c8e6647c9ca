"""Virtual time for the program: whatever tells it the time agrees with the loop's clock."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

real_sleep: Final = time.sleep

# A run under the virtual clock begins at this moment, wherever and whenever it is made: 2026-01-01 00:00:00 UTC.
EPOCH: Final = 1_767_225_600


@contextmanager
def virtual_time(clock: Any, seed: int) -> Iterator[None]:
    """While it is entered the ``time`` module reads ``clock`` if that is virtual, and randomness is seeded."""
    if not clock.virtual:
        yield
        return

    def now() -> float:
        return float(clock.now)

    def now_ns() -> int:
        return round(float(clock.now) * 1e9)

    def sleep(seconds: float, /) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        clock.advance(seconds)

    stand_ins = {
        "time": lambda: EPOCH + clock.now,
        "time_ns": lambda: EPOCH * 10**9 + now_ns(),
        "monotonic": now,
        "monotonic_ns": now_ns,
        "perf_counter": now,
        "perf_counter_ns": now_ns,
        "sleep": sleep,
    }
    for name, function in stand_ins.items():
        function.__name__ = function.__qualname__ = name
    saved = {name: getattr(time, name) for name in stand_ins}
    state = random.getstate()
    random.seed(seed)
    for name, function in stand_ins.items():
        setattr(time, name, function)
    try:
        yield
    finally:
        for name, function in saved.items():
            setattr(time, name, function)
        random.setstate(state)
