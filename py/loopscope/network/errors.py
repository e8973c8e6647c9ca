"""Errors as Linux's sockets raise them, and the words for what a browser cannot do.

Emscripten numbers and words its errors otherwise than Linux. A program must see the numbers of its own platform's
``errno`` module, and its output must read as on Linux: ``number`` gives integers that are the one and print as the
other.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from typing import Final

# name: Linux's number and text
_LINUX: Final[dict[str, tuple[int, str]]] = {
    "EPERM": (1, "Operation not permitted"),
    "ENOENT": (2, "No such file or directory"),
    "EBADF": (9, "Bad file descriptor"),
    "EAGAIN": (11, "Resource temporarily unavailable"),
    "EINVAL": (22, "Invalid argument"),
    "EPIPE": (32, "Broken pipe"),
    "EDEADLK": (35, "Resource deadlock avoided"),
    "EDESTADDRREQ": (89, "Destination address required"),
    "EMSGSIZE": (90, "Message too long"),
    "EPROTONOSUPPORT": (93, "Protocol not supported"),
    "EOPNOTSUPP": (95, "Operation not supported"),
    "EAFNOSUPPORT": (97, "Address family not supported by protocol"),
    "EADDRINUSE": (98, "Address already in use"),
    "EADDRNOTAVAIL": (99, "Cannot assign requested address"),
    "ENETUNREACH": (101, "Network is unreachable"),
    "ECONNRESET": (104, "Connection reset by peer"),
    "EISCONN": (106, "Transport endpoint is already connected"),
    "ENOTCONN": (107, "Transport endpoint is not connected"),
    "ECONNREFUSED": (111, "Connection refused"),
    "EALREADY": (114, "Operation already in progress"),
    "EINPROGRESS": (115, "Operation now in progress"),
}
_OWN_NUMBERS: Final[bool] = sys.platform == "emscripten"


class _LinuxNumber(int):
    """An error number of this platform that prints as Linux's."""

    linux: int

    def __repr__(self) -> str:
        return str(self.linux)

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(self.linux, spec)


def number(name: str) -> int:
    """The platform's error number of ``name``; in Emscripten it prints as Linux's."""
    own: int = getattr(errno, name)
    linux = _LINUX[name][0]
    if not _OWN_NUMBERS or own == linux:
        return own
    number = _LinuxNumber(own)
    number.linux = linux
    return number


def error(name: str, text: str = "") -> OSError:
    """The OSError (of the subclass that fits) that a system call fails with; ``text`` in place of its usual words."""
    if not text:
        text = _LINUX[name][1] if _OWN_NUMBERS else os.strerror(getattr(errno, name))
    return OSError(number(name), text)


# -- what a browser cannot do, and what to use instead

_INSTEAD: Final = (
    "a browser cannot open raw network connections. For HTTP use `await pyodide.http.pyfetch(url)`; "
    "for anything else start a server in this program and connect to 'localhost'"
)
PROCESSES: Final = (
    "a browser has no processes to start: call the function itself, as a task of this program, "
    "or run the command outside the browser"
)
SIGNALS: Final = (
    "a browser sends no signals: Stop raises KeyboardInterrupt, as Ctrl+C does. To end by itself, let the program "
    "set an asyncio.Event or cancel a task"
)
PIPES: Final = (
    "a browser has no pipes: for input use input() or asyncio.to_thread(input), "
    "between tasks an asyncio.Queue, a server on 'localhost' or socket.socketpair()"
)
FILES: Final = (
    "only sockets made in this program can be watched: file descriptor {fd} is none. "
    "A browser has no pipes or devices; files are always ready, so just read them"
)
RAW: Final = (
    "Operation not permitted: a browser has no raw sockets; SOCK_STREAM and SOCK_DGRAM work in memory"
)
WAITS_FOR_EVER: Final = (
    "{call}() would block for ever: whoever could end it is a task of this same program, "
    "and no task runs while it blocks. Use asyncio's streams, or loop.sock_{call}() with `await`"
)


def unknown_host(host: str) -> OSError:
    """No address is known for ``host``: a ``socket.gaierror``."""
    return socket.gaierror(
        socket.EAI_NONAME, f"Name or service not known: {host!r} is outside, and {_INSTEAD}"
    )


def unreachable(address: tuple[object, ...]) -> OSError:
    """``address`` (host, port, …) lies outside this program."""
    host, port = address[:2]
    place = f"[{host}]:{port}" if ":" in str(host) else f"{host}:{port}"
    return error("ENETUNREACH", f"Network is unreachable: {place} is outside, and {_INSTEAD}")
