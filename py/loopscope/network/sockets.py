"""``socket.socket`` of the in-memory network.

A subclass of the real class, so that ``isinstance`` holds and ``makefile``, ``repr`` and the like are CPython's; the C
part of it is never initialised and knows no file descriptor. A program has one thread: what would block for ever says
so, and what has a timeout times out.
"""

from __future__ import annotations

import socket
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeVar

from .addresses import getaddrinfo
from .description import Description
from .errors import WAITS_FOR_EVER, error
from .network import Network
from .stream import Stream

T = TypeVar("T")


class Socket(socket.socket):
    """A socket in memory. ``socket_class`` makes the class for one network."""

    network: ClassVar[Network]
    _closed: bool
    _io_refs: int

    def __init__(self, family: int = -1, type: int = -1, proto: int = -1, fileno: int | None = None) -> None:
        self._closed = False
        self._io_refs = 0
        self._fd = -1
        self._timeout = socket.getdefaulttimeout()
        network = self.network
        if fileno is None:
            kind = (
                socket.SOCK_STREAM if type == -1 else type & 0xFF
            )  # above are SOCK_NONBLOCK and SOCK_CLOEXEC
            family = socket.AF_INET if family == -1 else family
            self._fd = network.open(network.make(family, kind, max(proto, 0)))
            if type != -1 and type & getattr(socket, "SOCK_NONBLOCK", 0):
                self._timeout = 0.0
        else:
            network.file(fileno)
            self._fd = fileno

    @classmethod
    def around(cls, description: Description) -> Socket:
        """A new socket object for ``description``."""
        return cls(fileno=cls.network.open(description))

    @property
    def _file(self) -> Description:
        return self.network.file(self._fd)

    # -- what it is

    @property
    def family(self) -> Any:
        family = self._file.family if self._fd in self.network.files else socket.AF_INET
        try:
            return socket.AddressFamily(family)
        except ValueError:
            return family

    @property
    def type(self) -> Any:
        return socket.SocketKind(self._file.kind if self._fd in self.network.files else socket.SOCK_STREAM)

    @property
    def proto(self) -> int:
        return self._file.protocol if self._fd in self.network.files else 0

    @property
    def timeout(self) -> float | None:
        return self._timeout

    def fileno(self) -> int:
        return self._fd

    def getsockname(self) -> Any:
        file = self._file
        return file.nobody() if file.local is None else file.local

    def getpeername(self) -> Any:
        file = self._file
        if file.remote is None and not (isinstance(file, Stream) and file.peer):
            raise error("ENOTCONN")
        return file.nobody() if file.remote is None else file.remote

    # -- waiting

    def settimeout(self, value: float | None) -> None:
        if value is not None and value < 0:
            raise ValueError("Timeout value out of range")
        self._timeout = None if value is None else float(value)

    def gettimeout(self) -> float | None:
        return self._timeout

    def setblocking(self, flag: bool) -> None:
        self._timeout = None if flag else 0.0

    def getblocking(self) -> bool:
        return self._timeout != 0.0

    def _attempt(self, call: str, act: Callable[[], T]) -> T:
        """Do what never blocks in the way of a socket that may."""
        try:
            return act()
        except BlockingIOError:
            if self._timeout == 0.0:
                raise
        raise self._waited_in_vain(call)

    def _waited_in_vain(self, call: str) -> OSError:
        """What a socket that would block gets, once its timeout is over."""
        if self._timeout is None:
            return error("EDEADLK", WAITS_FOR_EVER.format(call=call))
        time.sleep(self._timeout)
        return TimeoutError("timed out")

    # -- connecting

    def _checked(self, address: Any, call: str) -> Any:
        file = self._file
        if file.family == self.network.unix_family:
            if not isinstance(address, str | bytes):
                raise TypeError(f"a bytes-like object is required, not {type(address).__name__!r}")
            return address
        name = "AF_INET" if file.family == socket.AF_INET else "AF_INET6"
        if not isinstance(address, tuple):
            raise TypeError(f"{call}(): {name} address must be tuple, not {type(address).__name__}")
        if not 2 <= len(address) <= (2 if name == "AF_INET" else 4):
            raise TypeError(f"{call}(): {name} address must be a pair (host, port)")
        if not 0 <= address[1] <= 65535:
            raise OverflowError(f"{call}(): port must be 0-65535.")
        return address

    def bind(self, address: Any) -> None:
        self._file.bind(self._checked(address, "bind"))

    def listen(self, backlog: int = 128) -> None:
        self._file.listen(backlog)

    def accept(self) -> tuple[socket.socket, Any]:
        file = self._file
        made = self.around(self._attempt("accept", file.accept))
        made._timeout = socket.getdefaulttimeout()
        return made, made._file.nobody() if made._file.remote is None else made._file.remote

    def connect(self, address: Any) -> None:
        file = self._file
        address = self._checked(address, "connect")
        if self._timeout == 0.0:
            file.connect(address)
            return
        network = self.network
        latency, network.latency = network.latency, 0.0  # it blocks: nobody sees how long it takes
        try:
            file.connect(address)
        except BlockingIOError:
            pass
        finally:
            network.latency = latency
        file.raise_problem()
        if isinstance(file, Stream) and file.state == "connecting":  # the listener's backlog is full
            raise self._waited_in_vain("connect")

    def connect_ex(self, address: Any) -> int:
        try:
            self.connect(address)
        except OSError as problem:
            if problem.errno is None:
                raise
            return problem.errno
        return 0

    # -- data

    def send(self, data: Any, flags: int = 0) -> int:
        view = _bytes_of(data)
        return self._attempt("send", lambda: self._file.send(view))

    def sendall(self, data: Any, flags: int = 0) -> None:
        view = _bytes_of(data)
        while len(view):
            view = view[self.send(view) :]

    def sendmsg(
        self, buffers: Iterable[Any], ancdata: Iterable[Any] = (), flags: int = 0, address: Any = None
    ) -> int:
        joined = b"".join([bytes(_bytes_of(part)) for part in buffers])
        return self.send(joined) if address is None else self.sendto(joined, address)

    def sendto(self, data: Any, *where: Any) -> int:
        view = _bytes_of(data)
        if not 1 <= len(where) <= 2:
            raise TypeError(f"sendto() takes 2 or 3 arguments ({len(where) + 1} given)")
        if where[-1] is None:
            return self.send(view)
        address = self._checked(where[-1], "sendto")
        return self._attempt("sendto", lambda: self._file.send_to(view, address))

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        use_send: Callable[[Any, int, int | None], int] = self._sendfile_use_send  # type: ignore[attr-defined]
        return use_send(file, offset, count)

    def recv(self, count: int, flags: int = 0) -> bytes:
        if count < 0:
            raise ValueError("negative buffersize in recv")
        peek = bool(flags & socket.MSG_PEEK)
        return self._attempt("recv", lambda: self._file.receive(count, peek))

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        view = _bytes_of(buffer)
        data = self.recv(nbytes or len(view), flags)
        view[: len(data)] = data
        return len(data)

    def recvfrom(self, count: int, flags: int = 0) -> tuple[bytes, Any]:
        return self._attempt("recvfrom", lambda: self._file.receive_from(count))

    def recvfrom_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> tuple[int, Any]:
        view = _bytes_of(buffer)
        data, address = self.recvfrom(nbytes or len(view), flags)
        view[: len(data)] = data
        return len(data), address

    def shutdown(self, how: int) -> None:
        self._file.shutdown(how)

    # -- options

    def setsockopt(self, level: int, option: int, value: Any, length: int | None = None) -> None:
        kept = value if isinstance(value, int) else b"" if value is None else bytes(value)
        self._file.set_option(level, option, kept)

    def getsockopt(self, level: int, option: int, length: int = 0) -> Any:
        value = self._file.get_option(level, option)
        if not length:
            return value
        return value if isinstance(value, bytes) else int(value).to_bytes(4, sys.byteorder)

    def get_inheritable(self) -> bool:
        return False

    def set_inheritable(self, inheritable: bool) -> None:
        pass

    # -- the end

    def dup(self) -> Socket:
        made = self.around(self._file)
        made._timeout = self._timeout
        return made

    def detach(self) -> int:
        self._closed = True
        fd, self._fd = self._fd, -1
        return fd

    def _real_close(self) -> None:
        fd, self._fd = self._fd, -1
        self.network.shut(fd)

    def __del__(self) -> None:
        if getattr(self, "_fd", -1) in self.network.files:
            warnings.warn(f"unclosed {self!r}", ResourceWarning, stacklevel=2, source=self)
            self._real_close()


def _bytes_of(data: Any) -> memoryview:
    """A view of bytes. Raises TypeError for what has none."""
    if isinstance(data, str):
        raise TypeError("a bytes-like object is required, not 'str'")
    view = memoryview(data)
    return view if view.format == "B" and view.ndim == 1 else view.cast("B")


def socket_class(network: Network) -> type[Socket]:
    """``socket.socket`` for one network."""
    return type("socket", (Socket,), {"network": network, "__module__": "socket", "__doc__": Socket.__doc__})


def socketpair(
    cls: type[Socket], family: int | None = None, type: int = socket.SOCK_STREAM, proto: int = 0
) -> Any:
    """As ``socket.socketpair``: two sockets that are connected with each other."""
    from .datagrams import Datagrams

    network = cls.network
    if family is None:
        family = network.unix_family
    if family != network.unix_family:
        raise error("EOPNOTSUPP")
    first, second = network.make(family, type, proto), network.make(family, type, proto)
    if isinstance(first, Stream) and isinstance(second, Stream):
        first.join(second)
    elif isinstance(first, Datagrams) and isinstance(second, Datagrams):
        first.other, second.other = second, first
    return cls.around(first), cls.around(second)


def stand_ins(network: Network) -> dict[str, Any]:
    """What stands in for names of the ``socket`` module."""
    from . import addresses

    cls = socket_class(network)

    def pair(family: int | None = None, type: int = socket.SOCK_STREAM, proto: int = 0) -> Any:
        return socketpair(cls, family, type, proto)

    def fromfd(fd: int, family: int, type: int, proto: int = 0) -> Socket:
        return cls.around(network.file(fd))

    names: dict[str, Any] = {
        "socket": cls,
        "SocketType": cls,
        "socketpair": pair,
        "fromfd": fromfd,
        "getaddrinfo": getaddrinfo,
    }
    for name in ("getnameinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"):
        names[name] = getattr(addresses, name)
    return names
