"""What a loop tells its observer.

The loop calls these methods at the places where scheduling happens; it knows nothing else of the observer. They are on
the hottest path there is, so an observer also supplies the handle classes: a handle is where a callback is run, and
being the handle costs less than being called about it.
"""

from __future__ import annotations

import asyncio
from types import CodeType
from typing import Any, Protocol


class Probe(Protocol):
    """An observer of one or more loops. No method may raise, whatever state the program is in."""

    Handle: type[asyncio.Handle]  # made when a callback becomes ready, as asyncio's
    TimerHandle: type[asyncio.TimerHandle]
    seq: int  # events so far
    making: bool  # set by a loop while it makes a task: what makes it need not tell of it
    polled_seq: int  # `seq` when the loop last asked its selector: timers that are due become ready then

    def timer_armed(self, timer: Any, now: float) -> None:
        """``timer`` (a ``self.TimerHandle``) was pushed on the timer heap at clock ``now``."""

    def task_begins(self, coro: Any) -> int:
        """A task is about to be made for ``coro`` and may run its first step at once; returns a token."""
        ...

    def task_created(self, token: int, task: Any, coro: Any, eager: bool) -> None:
        """``task`` was made; ``eager``: its first step may have run inside the constructor."""

    def passes_on(self, code: CodeType) -> None:
        """``code`` is a method of the program's own loop in place of one of asyncio's: who calls it asks."""

    def loop_begins(self, loop: asyncio.AbstractEventLoop) -> None:
        """``loop`` began to run."""

    def loop_ends(self, loop: asyncio.AbstractEventLoop) -> None:
        """``loop`` stopped running."""

    def note(self, text: str) -> None:
        """Something about the run that its reader should know: see Kind.NOTE."""

    def failure(self, context: dict[str, Any]) -> None:
        """The loop's exception handler is about to be told this."""

    def stuck(self) -> None:
        """The loop is about to wait for ever, and nothing that it knows of can wake it."""

    def breathes(self) -> None:
        """The busy loop is about to let its host in for a moment."""

    def parks(self) -> None:
        """The loop is about to wait for the host; everything known should be shown before."""

    def parked(self, begin: float, end: float, outside: bool) -> None:
        """The loop waited from clock ``begin`` to ``end``; ``outside``: it was woken, not timed out."""
