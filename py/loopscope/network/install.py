"""The network in memory in the place of the machine's, for as long as a program runs."""

from __future__ import annotations

import asyncio
import socket
from asyncio import base_events, streams
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from .network import Network
from .sockets import stand_ins

_MISSING: Final = object()
# Linux's constants; asyncio and programs use them where Emscripten has none.
_CONSTANTS: Final = {"AF_UNIX": 1, "SO_REUSEADDR": 2, "SO_REUSEPORT": 15}


@contextmanager
def in_memory(network: Network) -> Iterator[None]:
    """While it is entered the ``socket`` module, and asyncio with it, knows ``network`` alone. Then that is closed."""
    names = stand_ins(network) | {n: v for n, v in _CONSTANTS.items() if not hasattr(socket, n)}
    changes: list[tuple[Any, str, Any]] = [(socket, name, value) for name, value in names.items()]
    # create_server() makes a set of the addresses it binds: their order would hang on the hash seed.
    changes.append((base_events, "set", _in_order))
    if not hasattr(streams, "start_unix_server"):
        for module in (asyncio, streams):
            changes.append((module, "open_unix_connection", open_unix_connection))
            changes.append((module, "start_unix_server", start_unix_server))
    saved = [(module, name, module.__dict__.get(name, _MISSING)) for module, name, _ in changes]
    for module, name, value in changes:
        setattr(module, name, value)
    try:
        yield
    finally:
        for module, name, value in saved:
            if value is _MISSING:
                delattr(module, name)
            else:
                setattr(module, name, value)
        network.close()


def _in_order(items: Iterable[Any] = ()) -> Any:
    return dict.fromkeys(items)


# asyncio's, where the platform has no Unix sockets and asyncio therefore leaves them out


async def open_unix_connection(
    path: Any = None, *, limit: int = 2**16, **options: Any
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """As ``asyncio.open_connection``, to the Unix socket at ``path``."""
    loop: Any = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=limit, loop=loop)
    protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
    transport, _ = await loop.create_unix_connection(lambda: protocol, path, **options)
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


async def start_unix_server(
    client_connected_cb: Callable[..., Any], path: Any = None, *, limit: int = 2**16, **options: Any
) -> Any:
    """As ``asyncio.start_server``, on a Unix socket at ``path``."""
    loop: Any = asyncio.get_running_loop()

    def factory() -> asyncio.StreamReaderProtocol:
        reader = asyncio.StreamReader(limit=limit, loop=loop)
        return asyncio.StreamReaderProtocol(reader, client_connected_cb, loop=loop)

    return await loop.create_unix_server(factory, path, **options)
