"""The part of an event loop that has to do with sockets: asyncio's own, over the network in memory.

``asyncio.selector_events`` supplies servers, transports, flow control and ``sock_*`` unmodified. Here are the places
where it asks a selector, and a clear refusal for what a browser does not have.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio import events, selector_events
from collections.abc import Callable
from selectors import EVENT_READ, EVENT_WRITE
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from . import errors
from .network import Network
from .poller import Poller, Watch

try:
    from asyncio.unix_events import _UnixSelectorEventLoop as _Unix
except ImportError:
    _Unix = None  # type: ignore[assignment, misc]

if TYPE_CHECKING:
    # What asyncio's public types leave out.
    class _SelectorLoop(selector_events.BaseSelectorEventLoop):
        _selector: Any
        _ready: Any
        _unix_server_sockets: Any
        _check_closed: Callable[[], None]

        def _stop_serving(self, sock: Any) -> None: ...
else:
    _SelectorLoop = selector_events.BaseSelectorEventLoop

CHUNK = 16_384  # bytes of a file that are sent at a time
# Since 3.13 a closed server removes the file of its Unix socket.
_SERVERS_CLEAN_UP: bool = sys.version_info >= (3, 13)


class NetworkLoop(_SelectorLoop):
    """A selector event loop whose sockets are in memory. ``network`` belongs to whoever made the class."""

    network: ClassVar[Network]

    # What becomes ready

    def ready_handle(
        self, callback: Any, args: Any, context: Any, before: asyncio.Handle | None
    ) -> asyncio.Handle:
        """The handle of a callback whose socket is ready because of what runs now, or still for the cause of
        ``before``.
        """
        return events.Handle(callback, args, self, context)

    def _process_events(self, handles: list[asyncio.Handle]) -> None:
        self._ready.extend(handles)

    def _watch(self, fd: Any, kind: int, callback: Any, args: Any) -> Watch:
        self._check_closed()
        fd = _number_of(fd)
        description = self.network.files.get(fd)
        if description is None:
            raise NotImplementedError(errors.FILES.format(fd=fd))
        watch = Watch(self, callback, args)
        poller: Poller = self._selector
        before = poller.watch(fd, description, kind, watch)
        if before is not None:
            before.cancel()
        return watch

    def _unwatch(self, fd: Any, kind: int) -> bool:
        if self.is_closed():
            return False
        poller: Poller = self._selector
        before = poller.unwatch(_number_of(fd), kind)
        if before is None:
            return False
        before.cancel()
        return True

    def _add_reader(self, fd: Any, callback: Any, *args: Any) -> Watch:
        return self._watch(fd, EVENT_READ, callback, args)

    def _remove_reader(self, fd: Any) -> bool:
        return self._unwatch(fd, EVENT_READ)

    def _add_writer(self, fd: Any, callback: Any, *args: Any) -> Watch:
        return self._watch(fd, EVENT_WRITE, callback, args)

    def _remove_writer(self, fd: Any) -> bool:
        return self._unwatch(fd, EVENT_WRITE)

    def _make_self_pipe(self) -> None:
        pass  # the host wakes the loop

    def _close_self_pipe(self) -> None:
        pass

    # Unix sockets

    if _Unix is not None:
        create_unix_connection = _Unix.create_unix_connection
        _create_unix_server = _Unix.create_unix_server

        async def create_unix_server(self, protocol_factory: Any, path: Any = None, **options: Any) -> Any:
            if not _SERVERS_CLEAN_UP:
                return await self._create_unix_server(protocol_factory, path, **options)
            # asyncio would know the file by its inode, which another may get when it is gone.
            cleans_up = options.pop("cleanup_socket", True)
            options["cleanup_socket"] = False
            server = await self._create_unix_server(protocol_factory, path, **options)
            if cleans_up:
                for sock in server.sockets:
                    self.network.cleans_up(sock.fileno())
            return server

    def _stop_serving(self, sock: Any) -> None:
        number = sock.fileno()
        super()._stop_serving(sock)
        self.network.clean_up(number)

    # Files

    async def _sock_sendfile_native(self, sock: Any, file: Any, offset: int, count: int | None) -> int:
        """What ``os.sendfile`` would do. Raises SendfileNotAvailableError for what is no file of the system's."""
        try:
            number = file.fileno()
            left = count or os.fstat(number).st_size
        except (AttributeError, OSError):
            raise asyncio.SendfileNotAvailableError("not a regular file") from None
        sent = 0
        try:
            while data := os.pread(number, min(left, CHUNK), offset + sent):
                await self.sock_sendall(sock, data)
                sent += len(data)
                left -= len(data)
        finally:
            if sent:
                os.lseek(number, offset + sent, os.SEEK_SET)
        return sent

    # What a browser does not have

    async def _make_subprocess_transport(self, *args: Any, **options: Any) -> NoReturn:
        raise NotImplementedError(errors.PROCESSES)

    def _make_read_pipe_transport(self, *args: Any, **options: Any) -> NoReturn:
        raise NotImplementedError(errors.PIPES)

    _make_write_pipe_transport = _make_read_pipe_transport

    def add_signal_handler(self, sig: int, callback: Any, *args: Any) -> NoReturn:  # type: ignore[override]
        raise NotImplementedError(errors.SIGNALS)

    def remove_signal_handler(self, sig: int) -> NoReturn:
        raise NotImplementedError(errors.SIGNALS)


def _number_of(file: Any) -> int:
    """The file descriptor of a number or of an object with ``fileno()``. Raises ValueError, as selectors do."""
    try:
        number = file if isinstance(file, int) else int(file.fileno())
    except (AttributeError, TypeError, ValueError):
        raise ValueError(f"Invalid file object: {file!r}") from None
    if number < 0:
        raise ValueError(f"Invalid file descriptor: {number}")
    return number
