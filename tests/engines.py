"""The Pythons that tests run a program in: the one of the tests, and Pyodide's 3.14 on Node."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from loopscope.analysis.trace import Trace
from loopscope.record import record

ROOT = Path(__file__).resolve().parents[1]

ENGINES = ("native", "pyodide")


def trace_of(source: str, engine: str = "native") -> Trace:
    """The trace of a program, recorded under the virtual clock."""
    if engine == "native":
        return Trace.read(record(source)[0])
    return Trace.read(base64.b64decode(_record_in_pyodide(source)))


@cache
def _record_in_pyodide(source: str) -> str:
    job = f"import base64, loopscope\nresult = base64.b64encode(loopscope.record({source!r})[0]).decode()"
    return str(run_in_pyodide([job])[0])


def run_in_pyodide(jobs: list[str]) -> list[object]:
    """What each Python source leaves in ``result``, run in one Pyodide on Node."""
    node = os.environ.get("LOOPSCOPE_NODE") or shutil.which("node")
    assert node, "node is not on PATH"
    script = ROOT / "tests/conformance/pyodide_run.mjs"
    done = subprocess.run(
        [node, str(script)], input=json.dumps(jobs), capture_output=True, text=True, cwd=ROOT, timeout=110
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    assert isinstance(answers, list)
    return answers
