"""What a run shows that its author should know: one file a finding.

Each is a plain function over a trace and the program's source; it returns what it found, nothing where there is nothing
or it can't tell. One that fails never stands in the way of the others, and says that it failed.
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
    lock_order,
    lost,
    pending,
    sibling,
    starved,
    swallowed,
)
from .finding import Finding

CHECKS: tuple[Callable[[Trace, str], list[Finding]], ...] = (
    deadlock.check,
    lost.check,
    forgotten.check,
    blocked.check,
    starved.check,
    in_turn.check,
    lock_order.check,
    lock_held.check,
    busy.check,
    swallowed.check,
    sibling.check,
    pending.check,
)


def findings(trace: Trace, source: str) -> list[Finding]:
    """All findings, most urgent first."""
    found: list[Finding] = []
    for check in CHECKS:
        try:
            some = list(check(trace, source))
            if not all(isinstance(one, Finding) for one in some):
                raise TypeError("what it gave are no findings")
            found += some
        except Exception as error:  # an instrument never breaks what it observes
            found.append(failure(check.__module__.rpartition(".")[2].replace("_", " ").strip(), error))
    return found


def failure(what: str, error: Exception) -> Finding:
    """Told in place of what could not be found out."""
    try:
        said = f"{type(error).__name__}: {error}"
    except Exception:
        said = "an exception that can't be shown"
    return Finding(
        "check-failed",
        f"Loopscope could not check this run: {what}",
        f"The check itself failed ({said}). The program and its trace are unharmed.",
        "What this check would have found is not known; all the others were made.",
        "A link to this program helps to repair it: press Share.",
    )


__all__ = ["CHECKS", "Finding", "failure", "findings"]
