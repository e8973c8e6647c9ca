"""A lock held across a slow await, with others waiting for it."""

from __future__ import annotations

from typing import Final

from loopscope.analysis.holders import held
from loopscope.analysis.trace import Trace, duration
from loopscope.analysis.waits import Wait, line_of, own_tasks, waits_of
from loopscope.protocol import How

from .finding import Finding, names

LONG: Final = 0.05  # seconds that others waited, together


def check(trace: Trace, source: str) -> list[Finding]:
    """For each lock: how long tasks waited for it in all, and what its holders waited for meanwhile."""
    queued: dict[int, list[Wait]] = {}
    others: dict[int, list[Wait]] = {}
    for task in own_tasks(trace):
        for wait in waits_of(trace, task):
            row = trace.rows[wait.before]
            if row.how is How.SUSPENDED and trace.primitives.get(row.aux, ("",))[0] == "Lock":
                queued.setdefault(row.aux, []).append(wait)
            elif row.how is How.SUSPENDED:
                others.setdefault(task.id, []).append(wait)
    found = []
    for lock, waits in queued.items():
        ended = [wait for wait in waits if wait.after is not None]
        total = sum(wait.seconds for wait in ended)
        if total < LONG:
            continue
        slow = [
            (kept, wait)
            for hold in held(trace, lock)
            for wait in others.get(hold.by, ())
            if hold.begin <= wait.before < hold.end and (kept := _meanwhile(wait, ended)) > 0
        ]
        if sum(kept for kept, _ in slow) < LONG:
            continue
        worst = max((wait for _, wait in slow), key=lambda wait: wait.seconds)
        row = trace.rows[worst.before]
        line = line_of(trace, row)
        name = trace.primitive_label(lock)
        who = names(list(dict.fromkeys(trace.task_label(wait.task) for wait in ended)))
        found.append(
            Finding(
                "lock-held",
                f"{name} is held across {trace.awaited(row)}",
                f"{trace.task_label(worst.task)} holds {name} while it waits for {trace.awaited(row)}"
                f" ({duration(worst.seconds)}). For {name} {who} waited {duration(total)} in all.",
                "Whatever is awaited with a lock held is done by one task at a time.",
                "Do the slow part before taking the lock or after giving it back; hold it for the shared part only.",
                (line,) if line else (),
                (worst.before,),
            )
        )
    return found


def _meanwhile(slow: Wait, queued: list[Wait]) -> float:
    """How long others waited for the lock during a holder's wait, together; seconds."""
    return sum(max(0.0, min(slow.end, wait.end) - max(slow.begin, wait.begin)) for wait in queued)
