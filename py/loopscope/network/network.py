"""The network of one program: a machine that has nothing but itself.

Sockets, ports and paths belong to the network, not to a loop: they outlast ``asyncio.run``. It is deterministic: file
descriptors and ports come from counters.
"""

from __future__ import annotations

import asyncio
import os
import socket
import stat
from collections.abc import Callable
from typing import Any, Final

from .addresses import getaddrinfo, is_any, is_here
from .datagrams import Datagrams
from .description import Description
from .errors import RAW, error, unreachable
from .stream import Stream

FIRST_PORT: Final = 49152  # of those that are given to who asks for port 0, or connects
LAST_PORT: Final = 65535
FIRST_FD: Final = 1000  # above those of files
SOCKET_BUFFERS: Final = (
    2_626_560,
    131_072,
)  # bytes that Linux's TCP keeps for a sender and a receiver on loopback
UNIX_BUFFER: Final = 106_496  # for each side: together what Linux keeps


class Network:
    """Connections between the tasks of one program.

    ``latency``: seconds from one end to the other; ``bandwidth``: bytes a second in each direction of a connection, 0
    for no limit; ``send_buffer`` and ``receive_buffer``: bytes that a TCP connection holds on either side before a
    writer has to wait, where the program sets none. All may be changed while the program runs.
    """

    def __init__(
        self,
        latency: float = 0.0,
        bandwidth: float = 0.0,
        send_buffer: int = SOCKET_BUFFERS[0],
        receive_buffer: int = SOCKET_BUFFERS[1],
    ) -> None:
        if latency < 0 or bandwidth < 0:
            raise ValueError("latency and bandwidth are not negative")
        if send_buffer < 1 or receive_buffer < 0:
            raise ValueError("a connection must hold at least a byte")
        self.latency = latency
        self.bandwidth = bandwidth
        self.send_buffer = send_buffer
        self.receive_buffer = receive_buffer
        self.unix_buffer = UNIX_BUFFER
        self.unix_family: int = getattr(socket, "AF_UNIX", 1)
        self.is_any = is_any
        self.files: dict[int, Description] = {}
        self._next_fd = FIRST_FD
        self._next_port = FIRST_PORT
        self._bound: dict[Any, list[Description]] = {}  # by (kind, port or path)
        self._paths: dict[str, Description] = {}  # of files that stand for Unix sockets
        self._cleaned: dict[int, Description] = {}  # by file descriptor: whose end removes its file
        self._names = 0  # given to Unix sockets
        self._turns = 0  # between listeners that share a port

    @property
    def slow(self) -> bool:
        """Whether anything takes time."""
        return bool(self.latency or self.bandwidth)

    # -- time

    def running_loop(self) -> asyncio.AbstractEventLoop | None:
        return asyncio._get_running_loop()

    def later(self, delay: float, act: Callable[..., object], *args: Any) -> None:
        """Call ``act`` in ``delay`` seconds; at once for 0, and where no loop runs."""
        loop = self.running_loop() if delay > 0 else None
        if loop is None:
            act(*args)
        else:
            loop.call_later(delay, act, *args)

    # -- file descriptors

    def make(self, family: int, kind: int, protocol: int) -> Description:
        """A new socket. Raises OSError for kinds that there are none of, PermissionError for raw ones."""
        if family not in (socket.AF_INET, socket.AF_INET6, self.unix_family):
            raise error("EAFNOSUPPORT")
        unix = family == self.unix_family
        if kind == socket.SOCK_STREAM and (unix or protocol in (0, socket.IPPROTO_TCP)):
            return Stream(self, family, kind, protocol)
        if kind == socket.SOCK_DGRAM and (unix or protocol in (0, socket.IPPROTO_UDP)):
            return Datagrams(self, family, kind, protocol)
        raise error("EPERM", RAW) if kind == socket.SOCK_RAW else error("EPROTONOSUPPORT")

    def open(self, description: Description) -> int:
        """A new file descriptor for ``description``."""
        fd = self._next_fd
        self._next_fd += 1
        self.files[fd] = description
        description.references += 1
        return fd

    def file(self, fd: int) -> Description:
        """What ``fd`` stands for. Raises OSError for one that is closed or was never a socket's."""
        try:
            return self.files[fd]
        except KeyError:
            raise error("EBADF") from None

    def shut(self, fd: int) -> None:
        """Close a file descriptor; nothing happens if it is closed."""
        description = self.files.pop(fd, None)
        if description is not None:
            description.references -= 1
            if not description.references:
                description.release()

    def close(self) -> None:
        """The program is over: nothing stays open. Nothing is told to anyone."""
        self.files.clear()
        self._bound.clear()
        self._cleaned.clear()
        self._next_fd, self._next_port, self._names, self._turns = FIRST_FD, FIRST_PORT, 0, 0
        for path in list(self._paths):
            self.forget_path(path)

    # -- addresses

    def destination(self, description: Description, address: Any) -> Any:
        """The numeric address of this machine that ``address`` (host, port) names. Raises OSError for all others."""
        host, port = address[:2]
        family = description.family
        numeric = str(getaddrinfo(host or "0.0.0.0", port, family, description.kind)[0][4][0])
        if not is_here(numeric):
            raise unreachable((numeric, port))
        if is_any(numeric):
            numeric = "127.0.0.1" if family == socket.AF_INET else "::1"
        return description.address(numeric, port)

    def bind(self, description: Description, address: Any) -> Any:
        """Give ``description`` an address; returns it as ``getsockname`` tells it. Raises OSError."""
        if description.family == self.unix_family:
            local = address or self._free_name()
            key: Any = self._new_path(description, local)
        else:
            host, port = address[:2]
            nobody = "0.0.0.0" if description.family == socket.AF_INET else "::"
            numeric = str(getaddrinfo(host or nobody, port, description.family, description.kind)[0][4][0])
            if not is_here(numeric):
                raise error("EADDRNOTAVAIL")
            if not port:
                port = self._free_port(description)
            elif any(_clash(description, numeric, other) for other in self._at(description.kind, port)):
                raise error("EADDRINUSE")
            key, local = port, description.address(numeric, port)
        description.bound = True
        self._bound.setdefault((description.kind, key), []).append(description)
        return local

    def unbind(self, description: Description) -> None:
        """Give up its address."""
        if not description.bound:
            return
        description.bound = False
        unix = description.family == self.unix_family
        key = description.kind, self._key(description.local) if unix else description.local[1]
        known = self._bound.get(key, [])
        if description in known:
            known.remove(description)
            if not known:
                del self._bound[key]

    def check_listens_alone(self, description: Description) -> None:
        """Raises OSError if somebody else listens where ``description`` is bound."""
        if description.family == self.unix_family:
            return
        host, port = description.local[:2]
        for other in self._at(description.kind, port):
            if other is not description and other.listens and _clash(description, host, other):
                raise error("EADDRINUSE")

    def _at(self, kind: int, key: Any) -> list[Description]:
        return self._bound.get((kind, key), [])

    def _free_port(self, description: Description) -> int:
        for _ in range(FIRST_PORT, LAST_PORT + 1):
            port = self._next_port
            self._next_port = port + 1 if port < LAST_PORT else FIRST_PORT
            if not self._at(description.kind, port):
                return port
        raise error("EADDRINUSE")

    def _find(self, description: Description, address: Any) -> list[Description]:
        """Who is bound to ``address``: the exact ones, else those of any address."""
        if description.family == self.unix_family:
            return self._at(description.kind, self._key(address))
        known = [d for d in self._at(description.kind, address[1]) if d.family == description.family]
        exact = [d for d in known if d.local[0] == address[0]]
        return exact or [d for d in known if is_any(d.local[0])]

    def listener(self, client: Description, address: Any) -> Stream | None:
        """Who listens at ``address``; in turn, where several share a port."""
        found = [d for d in self._find(client, address) if isinstance(d, Stream) and d.listens]
        if len(found) > 1:
            self._turns += 1
            return found[(self._turns - 1) % len(found)]
        return found[0] if found else None

    def receiver(self, sender: Description, address: Any) -> Datagrams | None:
        """Who receives datagrams at ``address``."""
        found = [d for d in self._find(sender, address) if isinstance(d, Datagrams)]
        return found[0] if found else None

    # -- paths of Unix sockets: a file stands for each, so that os.path.exists() and os.unlink() work

    def _free_name(self) -> bytes:
        """Linux's choice for who binds to no name."""
        self._names += 1
        return b"\0%05x" % self._names

    def _key(self, path: Any) -> str:
        name = os.fsdecode(path)
        return name if name.startswith("\0") else os.path.abspath(name)

    def _new_path(self, description: Description, path: Any) -> str:
        name = self._key(path)
        if name.startswith("\0"):
            if self._at(description.kind, name):
                raise error("EADDRINUSE")
            return name
        try:
            _make_socket_file(name)
        except FileExistsError:
            raise error("EADDRINUSE") from None
        self._paths[name] = description
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            self._bound.pop((kind, name), None)  # whose file was deleted can't be found any more
        return name

    def path_of(self, address: Any) -> Any:
        """``address``, if a Unix socket is or was there. Raises OSError."""
        name = self._key(address)
        if not name.startswith("\0"):
            if not os.path.exists(name):
                raise error("ENOENT")
            if name not in self._paths:
                raise error("ECONNREFUSED")
        return address

    def forget_path(self, path: Any) -> None:
        """Remove the file that stands for a Unix socket, if there is one."""
        name = self._key(path)
        if name in self._paths:
            del self._paths[name]
            if os.path.exists(name):
                os.unlink(name)

    def cleans_up(self, fd: int) -> None:
        """The file that stands for the Unix socket ``fd`` shall go with it: when ``clean_up`` is called."""
        self._cleaned[fd] = self.files[fd]

    def clean_up(self, fd: int) -> None:
        """``fd`` was closed. A file in the place of its own stays."""
        description = self._cleaned.pop(fd, None)
        if description is not None and self._paths.get(self._key(description.local)) is description:
            self.forget_path(description.local)


def _make_socket_file(path: str) -> None:
    """A file that passes for a Unix socket's. Raises FileExistsError."""
    try:
        os.mknod(path, stat.S_IFSOCK | 0o755)
    except FileExistsError:
        raise
    except (AttributeError, OSError):  # not every system lets everybody do that
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))


def _clash(description: Description, host: str, other: Description) -> bool:
    """Whether ``description`` may not be bound to ``host`` because of ``other``, which has the same port."""
    if description.family == other.family:
        if not (host == other.local[0] or is_any(host) or is_any(other.local[0])):
            return False
    else:  # IPv6's "any" means IPv4's too, where that isn't switched off
        for place, it in ((host, description), (other.local[0], other)):
            if place == "::" and not it.options.get((socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)):
                break
        else:
            return False
    if description.is_set("SO_REUSEPORT") and other.is_set("SO_REUSEPORT"):
        return False
    return not (description.is_set("SO_REUSEADDR") and other.is_set("SO_REUSEADDR")) or other.listens
