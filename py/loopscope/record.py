"""Record a program's run under the virtual clock, on any CPython 3.11+: the trace as bytes."""

from __future__ import annotations

from .program import Exit
from .session import Session


def record(source: str) -> tuple[bytes, Exit]:
    """The trace of ``source`` and how it ended. The same program gives the same bytes: CPU times are left out."""
    frames: list[bytes] = []
    session = Session(frames.append, cpu=lambda: 0.0)
    end = session.run(source)
    session.analyse(source)
    return b"".join(frames), end


def record_json(source: str, filename: str = "") -> bytes:
    """The trace of ``source``, for the site's build."""
    return record(source)[0]
