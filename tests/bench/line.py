"""A server for benchmarks, in a process of its own: it must not wait for what drives the browser."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Final

import serve

BYTES_PER_SECOND: Final = 20e6 / 8
LATENCY: Final = 0.040
CHUNK: Final = 16_384
HEADERS: Final = 400  # bytes of an answer beside its body, about


class Line:
    """The connection: counts what goes over it, and may be slow, 20 Mbit/s with 40 ms of latency."""

    def __init__(self, slow: Synchronized[int], sent: Synchronized[int]) -> None:
        self._slow = slow
        self._sent = sent
        self.url = ""

    @property
    def slow(self) -> bool:
        """All connections together have so much."""
        return bool(self._slow.value)

    @slow.setter
    def slow(self, slow: bool) -> None:
        self._slow.value = slow

    @property
    def sent(self) -> int:
        """Bytes so far."""
        return self._sent.value

    @sent.setter
    def sent(self, sent: int) -> None:
        self._sent.value = sent


@contextmanager
def measured_line(dist: Path) -> Iterator[Line]:
    """Serve a folder over a line."""
    # Nothing of this process but what is said here.
    context = multiprocessing.get_context("spawn")
    slow, sent = context.Value("b", 0), context.Value("q", 0)
    ours, theirs = context.Pipe()
    server = context.Process(target=_serve, args=(dist, slow, sent, theirs), daemon=True)
    server.start()
    line = Line(slow, sent)
    try:
        line.url = ours.recv()
        yield line
    finally:
        ours.close()  # the server ends with it
        server.join(10)


def _serve(dist: Path, slow: Synchronized[int], sent: Synchronized[int], pipe: Connection) -> None:
    turn = threading.Lock()

    def respond(
        handler: serve.Handler,
        status: HTTPStatus,
        path: str,
        headers: dict[str, str],
        body: bytes,
        with_body: bool,
    ) -> None:
        plain(handler, status, path, headers, body, with_body=False)
        size = HEADERS
        if with_body and status is not HTTPStatus.NOT_MODIFIED:
            size += len(body)
            if slow.value:
                time.sleep(LATENCY)
            for at in range(0, len(body), CHUNK if slow.value else max(1, len(body))):
                part = body[at : at + CHUNK] if slow.value else body
                if slow.value:
                    with turn:
                        time.sleep(len(part) / BYTES_PER_SECOND)
                handler.wfile.write(part)
        with sent.get_lock():
            sent.value += size

    plain = serve.Handler.respond
    setattr(serve.Handler, "respond", respond)  # noqa: B010
    with serve.serve(dist) as site:
        pipe.send(site.url)
        try:
            pipe.recv()
        except EOFError:
            pass  # whoever measured is done
