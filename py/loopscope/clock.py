"""The clocks a loop can run on. All times are seconds."""

from __future__ import annotations

import time
from typing import Final, Protocol

# Taken before anything can replace them: the time module is part of what a virtual clock stands in for.
monotonic: Final = time.monotonic
perf_counter: Final = time.perf_counter


class Clock(Protocol):
    """Where a loop reads the time."""

    virtual: bool

    def time(self) -> float:
        """Seconds since a fixed, unspecified begin; never goes back."""
        ...


class RealClock:
    """The machine's monotonic clock, less the time in which the program was held."""

    virtual = False
    __slots__ = ("held", "now")

    def __init__(self) -> None:
        self.held = 0.0
        self.now = monotonic()

    def time(self) -> float:
        self.now = now = monotonic() - self.held
        return now


class VirtualClock:
    """Stands still while code runs and jumps when the loop waits: ``sleep(3600)`` takes no time.

    ``now`` is public for speed: reading it is reading the clock.
    """

    virtual = True
    __slots__ = ("now",)

    def __init__(self) -> None:
        self.now = 0.0

    def time(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass. Raises ValueError for a negative number."""
        if seconds < 0:
            raise ValueError("time goes forward only")
        self.now += seconds

    def advance_to(self, when: float) -> None:
        """Let time pass until ``when``; nothing happens if that is past."""
        if when > self.now:
            self.now = when
