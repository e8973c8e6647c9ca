"""What a run shows that its author should know: one file a finding.

Each is a plain function over a trace and the program's source; it returns what it found, nothing where there is nothing
or it can't tell. A finding that fails is left out: it never stands in the way of the others.
"""

from __future__ import annotations

from collections.abc import Callable

from loopscope.analysis.trace import Trace

from . import (
    blocked,
    busy,
    deadlock,
    forgotten,
    in_turn,
    lock_held,
    pending,
    starved,
    swallowed,
)
from .finding import Finding

CHECKS: tuple[Callable[[Trace, str], list[Finding]], ...] = (
    deadlock.check,
    forgotten.check,
    blocked.check,
    starved.check,
    in_turn.check,
    lock_held.check,
    busy.check,
    swallowed.check,
    pending.check,
)


def findings(trace: Trace, source: str) -> list[Finding]:
    """All findings, most urgent first."""
    found: list[Finding] = []
    for check in CHECKS:
        try:
            found += check(trace, source)
        except Exception:  # an instrument never breaks what it observes
            continue
    return found


__all__ = ["CHECKS", "Finding", "findings"]
