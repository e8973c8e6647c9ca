"""Serve dist/ on this machine with the headers that netlify.toml declares.

    python scripts/serve.py [--port N] [--dist DIR]     serve until interrupted; port 0 is any free one
    python scripts/serve.py --headers PATH              print the headers of a path as JSON

Tests start it in a thread: `with serve() as site: ... site.url ...`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))
from netlify_headers import Rule, headers_for, read_rules

DIST = Path(__file__).resolve().parent.parent / "dist"

TYPES = {
    ".bin": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".py": "text/x-python; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".whl": "application/zip",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}


@dataclass(frozen=True)
class Site:
    """A running server: where it is, and the rules it goes by."""

    url: str
    dist: Path
    rules: list[Rule]


class Server(ThreadingHTTPServer):
    """Serves one folder; one thread per connection, all of them ended with the process."""

    daemon_threads = True
    # A browser opens six connections at once, and tests open several browsers.
    request_queue_size = 64

    def __init__(self, port: int, dist: Path, rules: list[Rule]) -> None:
        self.dist = dist.resolve()
        self.rules = rules
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that browsers keep open: whoever stops to listen would go on to answer on them."""
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        # A browser that closes a connection in the middle of an answer is no error.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Handler(BaseHTTPRequestHandler):
    """GET and HEAD of files below the server's folder."""

    protocol_version = "HTTP/1.1"
    # A small answer is one packet, at once.
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        self.answer(with_body=True)

    def do_HEAD(self) -> None:
        self.answer(with_body=False)

    def answer(self, *, with_body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        file = find_file(self.server.dist, path)
        if file is None:
            page = self.server.dist / "404.html"
            body = page.read_bytes() if page.is_file() else b"There is no such page.\n"
            kind = TYPES[".html" if page.is_file() else ".txt"]
            self.respond(HTTPStatus.NOT_FOUND, path, {"Content-Type": kind}, body, with_body)
            return
        headers = {"Content-Type": TYPES.get(file.suffix, "application/octet-stream")}
        encoded = file.with_name(f"{file.name}.br")
        if encoded.is_file():
            headers["Vary"] = "Accept-Encoding"
            if accepts_brotli(self.headers.get("Accept-Encoding", "")):
                headers["Content-Encoding"] = "br"
                file = encoded
        stat = file.stat()
        etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        headers |= {"ETag": etag, "Last-Modified": formatdate(stat.st_mtime, usegmt=True)}
        if self.headers.get("If-None-Match") == etag:
            self.respond(HTTPStatus.NOT_MODIFIED, path, headers, b"", with_body=False)
        else:
            self.respond(HTTPStatus.OK, path, headers, file.read_bytes(), with_body)

    def respond(
        self, status: HTTPStatus, path: str, headers: dict[str, str], body: bytes, with_body: bool
    ) -> None:
        self.send_response(status)
        for name, value in (headers | headers_for(path, self.server.rules)).items():
            self.send_header(name, value)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the browser's network panel says it better."""


def find_file(dist: Path, url_path: str) -> Path | None:
    """The file that answers a URL's path: itself, `index.html` of a folder, or the page of that name."""
    if "\0" in url_path:
        return None
    target = (dist / url_path.lstrip("/")).resolve()
    if not target.is_relative_to(dist):
        return None
    for candidate in (target, target / "index.html", target.with_name(f"{target.name}.html")):
        if candidate.is_file():
            return candidate
    return None


def accepts_brotli(accept_encoding: str) -> bool:
    """Whether an Accept-Encoding header takes `br`.

    >>> accepts_brotli("gzip, br;q=1.0"), accepts_brotli("br;q=0"), accepts_brotli("gzip")
    (True, False, False)
    """
    for item in accept_encoding.split(","):
        coding, _, parameters = item.partition(";")
        if coding.strip().lower() == "br":
            quality = parameters.strip().removeprefix("q=")
            return not quality or float(quality) > 0
    return False


@contextlib.contextmanager
def serve(dist: Path = DIST, port: int = 0) -> Iterator[Site]:
    """Serve a folder from a thread for the length of a `with` block."""
    rules = read_rules()
    with Server(port, dist, rules) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield Site(f"http://localhost:{server.server_port}", dist, rules)
        finally:
            server.shutdown()
            thread.join()
            server.hang_up()


def main() -> int:
    parser = argparse.ArgumentParser(description="Serve the built site with the headers of netlify.toml.")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes any free one")
    parser.add_argument("--dist", type=Path, default=DIST, help="the folder to serve")
    parser.add_argument("--headers", metavar="PATH", help="print the headers of a path as JSON, and end")
    options = parser.parse_args()
    if options.headers:
        print(json.dumps(headers_for(options.headers, read_rules()), indent=2))
        return 0
    if not (options.dist / "index.html").is_file():
        print(f"{options.dist} holds no site. Build it first: npm run build", file=sys.stderr)
        return 1
    try:
        server = Server(options.port, options.dist, read_rules())
    except OSError as error:
        print(f"Port {options.port} cannot be used: {error.strerror}. Choose another, or 0.", file=sys.stderr)
        return 1
    with server, contextlib.suppress(KeyboardInterrupt):
        print(f"Loopscope is at http://localhost:{server.server_port}/", flush=True)
        server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
