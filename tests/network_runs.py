"""What a program prints: on CPython's own loop over the machine's loopback, and on Loopscope's over its network."""

from __future__ import annotations

import gc
import re
import subprocess
import sys
import textwrap
import warnings
from functools import cache

from engines import run_in_pyodide
from loopscope.analysis.trace import Trace
from loopscope.protocol import Kind
from loopscope.record import record

# CPython's selector event loop over real sockets. Its clock jumps to the next timer when no socket is ready, so that a
# busy machine changes nothing: what is sent over loopback is there when send() returns.
_CPYTHON = """
import asyncio, selectors, sys

class Selector(selectors.DefaultSelector):
    now = 0.0

    def select(self, timeout=None):
        if timeout is None:
            return super().select()
        ready = super().select(0)
        if not ready and timeout > 0:
            Selector.now += timeout
        return ready

class Loop(asyncio.SelectorEventLoop):
    def __init__(self):
        super().__init__(Selector())

    def time(self):
        return Selector.now

class Policy(asyncio.DefaultEventLoopPolicy):
    _loop_factory = Loop

asyncio.set_event_loop_policy(Policy())
exec(compile(sys.stdin.read(), "main.py", "exec"), {"__name__": "__main__"})
"""

_PORT = re.compile(r"\b[1-6]\d{4}\b")


def lines_of(text: str) -> list[str]:
    """Lines, with a word in the place of port numbers, which nobody chooses."""
    return _PORT.sub("PORT", text).splitlines()


@cache
def _cpython(source: str) -> str:
    command = [sys.executable, "-c", _CPYTHON]
    done = subprocess.run(command, input=source, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def on_cpython(source: str) -> list[str]:
    """Lines of stdout, on CPython's own event loop over the machine's loopback."""
    return lines_of(_cpython(textwrap.dedent(source)))


def _printed(trace: Trace) -> str:
    return "".join(trace.text(row.aux) for row in trace.rows if row.kind is Kind.OUTPUT)


def on_loopscope(source: str) -> list[str]:
    """Lines of stdout and stderr under the virtual clock, traced, in the Python of the tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # as they are for a program
        recorded = record(textwrap.dedent(source))[0]
        gc.collect()
    return lines_of(_printed(Trace.read(recorded)))


@cache
def in_pyodide(sources: tuple[str, ...]) -> list[list[str]]:
    """As ``on_loopscope``, in CPython 3.14 in Pyodide: the lines of each program."""
    job = (
        "from loopscope.analysis.trace import Trace\n"
        "from loopscope.protocol import Kind\n"
        "from loopscope.record import record\n"
        "trace = Trace.read(record({!r})[0])\n"
        "result = ''.join(trace.text(row.aux) for row in trace.rows if row.kind is Kind.OUTPUT)\n"
    )
    answers = run_in_pyodide([job.format(textwrap.dedent(source)) for source in sources])
    return [lines_of(str(answer)) for answer in answers]
