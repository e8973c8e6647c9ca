"""Record a program's run on any CPython 3.11+: its trace as frames, or as a file that the page opens."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final, Literal

from .clock import perf_counter
from .program import Exit
from .session import Session
from .tracefile import TraceFile, pack

VERSION: Final = "0.1.0"


def record(source: str) -> tuple[bytes, Exit]:
    """The trace of ``source`` under the virtual clock, with seed 0, and how it ended.

    The bytes are frames (see protocol.py), for ``loopscope.analysis.trace.Trace.read``; a file that the page opens is
    ``record_file``'s. The same program gives the same bytes: CPU times are left out. Nothing that the program raises is
    raised here.
    """
    frames: list[bytes] = []
    session = Session(frames.append, cpu=lambda: 0.0)
    end = session.run(source)
    session.analyse(source)
    return b"".join(frames), end


def record_file(
    source: str,
    *,
    name: str = "",
    argv: tuple[str, ...] = (),
    clock: Literal["virtual", "real"] = "virtual",
    seed: int = 0,
    variables: bool = False,
    cpu: Callable[[], float] = perf_counter,
    heard: Callable[[bytes], None] = lambda frame: None,
    read_line: Callable[[], str] = lambda: "",
) -> tuple[bytes, Exit]:
    """A trace file of ``source`` (see tracefile.py), and how it ended.

    ``variables``: those of suspended tasks are recorded. ``cpu`` measures steps, in seconds; ``heard`` gets each frame
    while the program runs; ``read_line`` gives what it reads: a line with its end, or "" for no more.
    """
    frames: list[bytes] = []

    def send(frame: bytes) -> None:
        frames.append(frame)
        heard(frame)

    session = Session(send, clock=clock, seed=seed, cpu=cpu, variables=variables)
    end = session.run(source, argv, read_line)
    session.analyse(source)
    header = describe(end, name=name, clock=clock, seed=seed)
    return pack(TraceFile(source, b"".join(frames), header)), end


def describe(end: Exit, *, name: str = "", clock: str = "virtual", seed: int = 0) -> dict[str, Any]:
    """A trace file's header for a run in this Python that ended so."""
    problem = end.problem
    told: dict[str, Any] = {"how": end.how.name.lower(), "code": end.code}
    if problem is not None:
        told["problem"] = {
            "type": problem.type,
            "message": problem.message,
            "text": problem.text,
            "line": problem.line,
            "column": problem.column,
            "endColumn": problem.end_column,
        }
    return {
        "name": name,
        "clock": clock,
        "seed": seed,
        "python": sys.version.split()[0],
        "platform": sys.platform,
        "loopscope": VERSION,
        "end": told,
    }
