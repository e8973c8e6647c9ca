"""A server that is none of the site's: it notes who came."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Stranger:
    """Where it is, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.url = ""


@contextmanager
def stranger(answer: Callable[[BaseHTTPRequestHandler, Stranger], None]) -> Iterator[Stranger]:
    """Serve what ``answer`` writes, whatever is asked."""
    noted = Stranger()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self, noted)

        do_POST = do_HEAD = do_OPTIONS = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        noted.url = f"http://localhost:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield noted
        finally:
            server.shutdown()
