"""Interpreters that run many programs, a process each: native CPython, and Pyodide's 3.14 on Node."""

from __future__ import annotations

import base64
import io
import json
import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from conformance.engine import Answer

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


class Server:
    """A process that answers a line of JSON with a line of JSON."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT
        )

    def send(self, job: object) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()

    def receive(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise EOFError(f"the interpreter ended: {self._process.wait()}")
        return json.loads(line)

    def take(self) -> Answer:
        answer = self.receive()
        return Answer("", "", answer["error"]) if isinstance(answer, dict) else Answer(*answer)

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


# The interpreter may live where this folder is out of sight: all it needs comes through its pipe.
BOOT = """\
import base64, json, sys, tempfile
needs = json.loads(sys.stdin.readline())
if needs["library"]:
    file = tempfile.NamedTemporaryFile(suffix=".zip")
    file.write(base64.b64decode(needs["library"]))
    file.flush()
    sys.path.insert(0, file.name)
sys.path.insert(0, needs["package"])
exec(needs["engine"])
"""


def pyodides_asyncio() -> str:
    """The asyncio package of Pyodide as a zip, in base64: patch releases differ in it, too."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(ROOT / "node_modules/pyodide/python_stdlib.zip") as library,
        zipfile.ZipFile(packed, "w") as chosen,
    ):
        for name in library.namelist():
            if name.startswith("asyncio/") and name.endswith(".py"):
                chosen.writestr(name, library.read(name))
    return base64.b64encode(packed.getvalue()).decode()


class Native(Server):
    """A CPython: by default the running one. ``ask`` and ``take`` come in pairs; arguments are ``engine.run``'s.

    ``same``: its asyncio is Pyodide's, for a CPython of the same version.
    """

    def __init__(self, command: Sequence[str] = (sys.executable,), same: bool = False) -> None:
        super().__init__([*command, "-X", "utf8", "-c", BOOT])
        source = (HERE / "engine.py").read_text(encoding="utf-8")
        library = pyodides_asyncio() if same else None
        self.send({"engine": source, "package": str(ROOT / "py"), "library": library})

    def ask(self, *arguments: object) -> None:
        self.send(arguments)

    def install(self, wheel: Path) -> None:
        """Make a pure wheel importable."""
        self.send({"wheel": base64.b64encode(wheel.read_bytes()).decode()})
        assert self.receive() is None


class Pyodide(Server):
    """Pyodide on Node."""

    def __init__(self) -> None:
        node = os.environ.get("LOOPSCOPE_NODE") or shutil.which("node")
        assert node, "node is not on PATH"
        super().__init__([node, str(HERE / "pyodide_server.mjs")])

    def ask(self, *arguments: object) -> None:
        self.send(f"import engine\nresult = engine.run(*{arguments!r})")

    def install(self, wheel: Path) -> None:
        """Make a pure wheel importable."""
        packed = base64.b64encode(wheel.read_bytes()).decode()
        self.send(f"import engine\nresult = engine.install({packed!r})")
        assert self.receive() is None


def native_314() -> list[str] | None:
    """The command of a native CPython 3.14, if there is one: LOOPSCOPE_CPYTHON, or what PATH has."""
    named = os.environ.get("LOOPSCOPE_CPYTHON")
    if named:
        return shlex.split(named)
    if sys.version_info[:2] == (3, 14):
        return [sys.executable]
    found = shutil.which("python3.14")
    return [found] if found else None
