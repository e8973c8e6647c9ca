"""A package index of our own, in the place of PyPI's: real wheels that pip downloaded, and some made here.

It speaks the simple API (PEP 691) over HTTP on this machine. `PackageIndex.stand_in` has a browser's requests to PyPI's
hosts answered by it.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from loopscope.requirements import canonical
from playwright.sync_api import BrowserContext, Route

ROOT = Path(__file__).resolve().parents[2]
WANTED = Path(__file__).with_name("packages.txt")
# Pyodide's Python and platform, whatever this one is.
TARGET = ["--python-version=3.14", "--implementation=cp", "--abi=cp314", "--abi=none"]
PLATFORMS = ["--platform=pyemscripten_2026_0_wasm32", "--platform=any"]
JSON = "application/vnd.pypi.simple.v1+json"
HOSTS = ("https://pypi.org", "https://files.pythonhosted.org")


def download() -> list[Path]:
    """The wheels of packages.txt; pip downloads them once."""
    folder = ROOT / "build/cache" / f"test-wheels-{hashlib.sha256(WANTED.read_bytes()).hexdigest()[:16]}"
    if not folder.is_dir():
        draft = folder.with_suffix(".draft")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        options = ["--require-hashes", "--only-binary=:all:", *TARGET, *PLATFORMS]
        subprocess.run([*pip, *options, "--dest", str(draft), "-r", str(WANTED)], check=True)
        draft.rename(folder)
    return sorted(folder.glob("*.whl"))


def wheel(name: str, version: str, *requires: str, code: str = "") -> tuple[str, bytes]:
    """A wheel of one module with a version and what it needs: its file name and its bytes."""
    info = f"{name}-{version}.dist-info"
    metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    metadata += [f"Requires-Dist: {requirement}" for requirement in requires]
    files = {
        f"{name}.py": code or f"__version__ = {version!r}\n",
        f"{info}/METADATA": "\n".join(metadata) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return f"{name}-{version}-py3-none-any.whl", data.getvalue()


class PackageIndex:
    """Projects and their files. `asked` lists the paths that were asked for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.projects: dict[str, list[dict[str, object]]] = {}
        self.asked: list[str] = []
        self.in_reach = True
        self.url = ""

    def add(self, filename: str, data: bytes, requires_python: str = "") -> None:
        """Add a file to its project."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = f"/packages/{sha256[:2]}/{sha256[2:4]}/{sha256[4:]}/{filename}"
        self.files[path] = data
        self.projects.setdefault(canonical(filename.split("-")[0]), []).append(
            {
                "filename": filename,
                "url": HOSTS[1] + path,
                "hashes": {"sha256": sha256},
                "requires-python": requires_python or None,
                "size": len(data),
                "yanked": False,
                "core-metadata": False,
            }
        )

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, content type and bytes for a path."""
        self.asked.append(path)
        if path in self.files:
            return 200, "application/octet-stream", self.files[path]
        name = path.removeprefix("/simple/").rstrip("/")
        files = self.projects.get(name)
        if files is None:
            return 404, "text/plain", b"404 Not Found"
        versions = list(dict.fromkeys(str(file["filename"]).split("-")[1] for file in files))
        page = {"meta": {"api-version": "1.1"}, "name": name, "versions": versions, "files": files}
        return 200, JSON, json.dumps(page).encode()

    def stand_in(self, context: BrowserContext) -> None:
        """Answer a browser's requests to the real index, while it is in reach."""

        def forward(route: Route) -> None:
            if not self.in_reach:
                return route.abort("internetdisconnected")
            request = route.request
            assert request.headers.get("cookie") is None
            assert request.headers.get("referer") is None
            return route.fulfill(response=route.fetch(url=self.url + urlsplit(request.url).path))

        for host in HOSTS:
            context.route(f"{host}/**", forward)

    def leave(self, context: BrowserContext) -> None:
        """Be in nobody's place any more."""
        for host in HOSTS:
            context.unroute(f"{host}/**")


@contextlib.contextmanager
def package_index() -> Iterator[PackageIndex]:
    """Serve the wheels of packages.txt on a port of its own."""
    index = PackageIndex()
    for path in download():
        index.add(path.name, path.read_bytes())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content_type, data = index.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        index.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield index
        finally:
            server.shutdown()
