"""Which sockets are ready, in the order in which Linux's epoll tells it.

A loop's selector watches descriptions (``description.py``) for a reader or a writer. What becomes ready joins the end
of ``ready``; ``poll`` reports all of them in that order and keeps them there until it finds them no longer ready
(level-triggered): a socket that is always ready keeps its place.

What made a socket ready is known only at that moment. That's when the handle is made, so that its cause is the step
that wrote, not the loop that polled.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Mapping
from selectors import EVENT_READ, EVENT_WRITE
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .description import Description
    from .loop import NetworkLoop


class Watch:
    """A callback for one kind of readiness of one socket. Stands where asyncio keeps a Handle."""

    __slots__ = ("_args", "_callback", "_cancelled", "_context", "_last", "_loop", "_next")

    def __init__(self, loop: NetworkLoop, callback: Callable[..., object], args: tuple[Any, ...]) -> None:
        self._loop = loop
        self._callback: Any = callback
        self._args: Any = args
        self._context: Any = contextvars.copy_context()
        self._cancelled = False
        self._next: asyncio.Handle | None = (
            None  # made when the socket became ready; not yet in the ready queue
        )
        self._last: asyncio.Handle | None = None  # the latest that went there

    def stamp(self) -> None:
        """The socket is ready because of what runs now."""
        if self._next is None:
            self._next = self._loop.ready_handle(self._callback, self._args, self._context, None)

    def unstamp(self) -> None:
        """It is ready no more: somebody else took what there was."""
        self._next = None

    def take(self) -> asyncio.Handle:
        """The handle for the ready queue."""
        handle = self._next
        if handle is None:  # still ready, for the reason it was before
            handle = self._loop.ready_handle(self._callback, self._args, self._context, self._last)
        self._next, self._last = None, handle
        return handle

    def cancel(self) -> None:
        """Neither the handle in the ready queue runs, nor does another come."""
        self._cancelled = True
        for handle in (self._last, self._next):
            if handle is not None:
                handle.cancel()
        self._callback = self._args = self._context = self._last = self._next = None

    def cancelled(self) -> bool:
        return self._cancelled


class Interest:
    """What one selector watches one file descriptor for: a selector's key."""

    __slots__ = ("_poller", "description", "fd", "reader", "writer")

    def __init__(self, poller: Poller, fd: int, description: Description) -> None:
        self._poller = poller
        self.fd = fd
        self.description = description
        self.reader: Watch | None = None
        self.writer: Watch | None = None

    @property
    def events(self) -> int:
        return (EVENT_READ if self.reader else 0) | (EVENT_WRITE if self.writer else 0)

    def forget(self) -> None:
        self._poller.forget(self)

    def wake(self, mask: int) -> None:
        """Something happened, just now, for which the description may be ready for ``mask``.

        It takes its place in the order even if it is not, as in the kernel.
        """
        if not mask & self.events:
            return
        mask &= self.description.ready_for()
        if mask & EVENT_READ and self.reader:
            self.reader.stamp()
        if mask & EVENT_WRITE and self.writer:
            self.writer.stamp()
        ready = self._poller.ready
        if not ready:
            self._poller.socket_ready()
        ready[self] = None

    def take(self, handles: list[asyncio.Handle]) -> int:
        """Add the handles of what is ready; returns for what it is."""
        mask = self.description.ready_for() & self.events
        for kind, watch in ((EVENT_READ, self.reader), (EVENT_WRITE, self.writer)):
            if watch is None:
                pass
            elif mask & kind:
                handles.append(watch.take())
            else:
                watch.unstamp()
        return mask


class Poller:
    """The part of a selector that knows sockets."""

    def __init__(self) -> None:
        self.ready: dict[Interest, None] = {}
        self._interests: dict[int, Interest] = {}

    def watch(self, fd: int, description: Description, kind: int, watch: Watch) -> Watch | None:
        """Call ``watch`` when ``fd`` is ready for ``kind``; returns what did so before."""
        interest = self._interests.get(fd)
        if interest is None:
            interest = self._interests[fd] = Interest(self, fd, description)
            description.interests.append(interest)
        if kind == EVENT_READ:
            before, interest.reader = interest.reader, watch
        else:
            before, interest.writer = interest.writer, watch
        if description.ready_for() & kind:
            interest.wake(kind)
        return before

    def unwatch(self, fd: int, kind: int) -> Watch | None:
        """Undo ``watch``; returns what it was."""
        interest = self._interests.get(fd)
        if interest is None:
            return None
        if kind == EVENT_READ:
            before, interest.reader = interest.reader, None
        else:
            before, interest.writer = interest.writer, None
        if not interest.events:
            self.forget(interest)
        return before

    def forget(self, interest: Interest) -> None:
        """The file descriptor is no longer watched, or is closed."""
        self._interests.pop(interest.fd, None)
        self.ready.pop(interest, None)
        if interest in interest.description.interests:
            interest.description.interests.remove(interest)

    def poll(self) -> list[asyncio.Handle]:
        """The handles of all that is ready, in order."""
        handles: list[asyncio.Handle] = []
        for interest in list(self.ready):
            if not interest.take(handles):
                del self.ready[interest]
        return handles

    def socket_ready(self) -> None:
        """The first socket became ready."""

    def close(self) -> None:
        for interest in list(self._interests.values()):
            self.forget(interest)

    def get_map(self) -> Mapping[int, Interest]:
        return self._interests

    def get_key(self, fd: int) -> Interest:
        return self._interests[fd]
