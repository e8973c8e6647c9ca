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

    def came(self) -> None:
        """What a loop waits for comes now, from outside."""


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

    def came(self) -> None:
        """It never stands still."""


class VirtualClock:
    """Stands still while code runs and jumps when the loop waits: ``sleep(3600)`` takes no time.

    ``now`` is public for speed: reading it is reading the clock, but for who runs while the loop waits.
    """

    virtual = True
    __slots__ = ("_passing", "now")

    def __init__(self) -> None:
        self.now = 0.0
        # While time goes on by itself: its real begin, pace, the longest it may take.
        self._passing: tuple[float, float, float | None] = 0.0, 0.0, None

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

    def passes(self, pace: float, longest: float | None) -> None:
        """Time goes on by itself from now on, ``pace`` virtual seconds in a real one, ``longest`` seconds at most."""
        self._passing = monotonic(), pace, longest
        self.__class__ = _PassingClock

    def came(self) -> None:
        """It stands still."""

    def stays(self) -> None:
        """It does."""


class _PassingClock(VirtualClock):
    """A virtual clock while its time goes on: a class of its own, so that reading one that stands costs no more."""

    __slots__ = ()

    def time(self) -> float:
        begin, pace, longest = self._passing
        now = monotonic()
        passed = (now - begin) * pace
        if longest is not None:
            passed = min(passed, longest)
            longest -= passed
        self._passing = now, pace, longest
        self.advance(passed)
        return self.now

    def came(self) -> None:
        self.time()
        self.stays()

    def stays(self) -> None:
        """Time no longer goes on by itself; nor did it since it was last read."""
        self.__class__ = VirtualClock  # type: ignore[assignment]
