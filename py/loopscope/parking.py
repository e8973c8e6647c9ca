"""Where a loop waits: a selector that parks on a host, or lets a virtual clock jump. See loop.py."""

from __future__ import annotations

import asyncio
import functools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

from . import accelerator
from . import clock as clocks
from .network import Poller

if TYPE_CHECKING:
    from .loop import LoopscopeLoop

# What a pass of a loop that never rests takes of virtual time while timers wait, in seconds, and how many are free.
PASS: Final = 1e-5
FREE_PASSES: Final = 100
SLICE: Final = 0.008  # seconds a busy loop may keep the host waiting


class Host(Protocol):
    """What the loop runs on: something that can wait. ``rested``: it had its own turn while it last did."""

    rested: bool

    def park(self, timeout: float | None) -> bool:
        """Wait ``timeout`` seconds, for ever if None, or until ``wake``. True: woken."""
        ...

    def breathe(self) -> None:
        """Let the host do what it has to do, without waiting."""

    def wake(self) -> None:
        """End the present or the next ``park``. May be called from anywhere."""


class NothingWillHappen(RuntimeError):
    """The loop waits for ever and its host says that nobody can wake it: a deadlock."""

    __module__ = "builtins"  # its name in a traceback is short


class ParkingSelector(Poller):
    """The part of a selector that BaseSelectorEventLoop uses."""

    def __init__(self, loop: LoopscopeLoop) -> None:
        super().__init__()
        self._loop = loop
        self._left = clocks.monotonic()  # when the host last had its turn
        self._passes = 0  # of a virtual loop, since it last rested
        self._virtual = loop.clock.virtual
        self._probe = loop.probe
        self._attach(loop, self.ready, loop.probe, self._virtual, SLICE)

    def _attach(self, *parts: object) -> None:
        """For the compiled ``select``, which remembers what the selector has."""

    def select(self, timeout: float | None) -> Sequence[asyncio.Handle]:
        loop = self._loop
        handles: Sequence[asyncio.Handle] = ()
        if self.ready and (handles := self.poll()):  # sockets
            timeout = 0
        if timeout is None or timeout > 0:
            self._passes = 0
            if self._virtual and loop._scheduled and loop._scheduled[0].when() == math.inf:
                timeout = None  # a day after the other, and it would never come
            if self._virtual and timeout is not None and loop.outstanding == 0:
                if loop.pace:
                    self._park(timeout, loop.pace)
                else:
                    self._jump(timeout)
            else:
                self._park(timeout)
            if self.ready:
                handles = self.poll()
        else:
            if self._virtual and loop._scheduled:
                # A loop that never rests (somebody polls with sleep(0)) must not keep a timer from ever coming due.
                self._passes += 1
                if self._passes > FREE_PASSES:
                    loop.clock.advance(PASS)
            # A real clock was read a moment ago, by the loop's own time(): no need to ask again.
            if (
                clocks.monotonic() if self._virtual else loop.clock.now + loop.clock.held
            ) - self._left >= SLICE:
                self._breathe()
        probe = self._probe
        if probe is not None:
            probe.polled_seq = probe.seq
        return handles

    def _jump(self, timeout: float) -> None:
        loop = self._loop
        clock: Any = loop.clock
        begin = clock.now
        # The heap's own number: begin + (when - begin) may miss it by a rounding error.
        clock.advance_to(loop._scheduled[0].when() if loop._scheduled else begin + timeout)
        if self._probe is not None:
            self._probe.parked(begin, clock.now, False)
        if clocks.monotonic() - self._left >= SLICE:
            self._breathe()

    def _park(self, timeout: float | None, pace: float = 1.0) -> None:
        """Wait for the host; ``pace``: virtual seconds in a real one."""
        loop = self._loop
        begin = loop.time()
        if self._probe is not None:
            if timeout is None and not loop.outstanding and not self.ready and not loop.foreign:
                self._probe.stuck()
            self._probe.parks()
            if timeout is not None and not self._virtual and loop._scheduled:
                # Sending took its time: it must not make the timer late.
                timeout = max(0.0, min(timeout, loop._scheduled[0].when() - loop.time()))
        # What is scheduled while the loop is parked comes from outside and must end the park. Shadowing the methods
        # for just that time costs nothing while the loop runs.
        shadows = loop.__dict__
        shadows["call_soon"] = loop._call_soon_parked
        shadows["call_at"] = loop._call_at_parked
        # A virtual clock stands still in a deadlock, however long it takes somebody to end it.
        if self._virtual and (timeout is not None or loop.outstanding > 0):
            loop.clock.passes(pace, timeout)
        outside = True
        try:
            outside = loop.host.park(None if timeout is None else timeout / pace)
        finally:
            shadows.pop("call_soon", None)
            shadows.pop("call_at", None)
            if self._virtual:
                if timeout is not None and not outside and loop._scheduled:
                    loop.clock.stays()
                    loop.clock.advance_to(loop._scheduled[0].when())
                else:
                    loop.clock.came()
        if loop.host.rested:
            self._left = clocks.monotonic()
        if self._probe is not None:
            self._probe.parked(begin, loop.time(), outside)
        if clocks.monotonic() - self._left >= SLICE:
            self._breathe()

    def _breathe(self) -> None:
        if self._probe is not None:
            self._probe.breathes()
        self._loop.host.breathe()
        self._left = clocks.monotonic()

    def socket_ready(self) -> None:
        if "call_soon" in self._loop.__dict__:  # parked
            self._loop.host.wake()

    # Where `select` is compiled, all but a busy loop's comes here.
    _select_slowly = select


def parking_selector(loop: LoopscopeLoop) -> ParkingSelector:
    """The selector of a loop, compiled where the loop is."""
    hot = accelerator.serving(loop.probe)
    return ParkingSelector(loop) if hot is None else _compiled(hot)(loop)


@functools.cache
def _compiled(hot: Any) -> type[ParkingSelector]:
    return type("ParkingSelector", (hot.Selector, ParkingSelector), {"__module__": __name__})
