"""Locks taken in opposite order: tasks waited for each other in a circle, until somebody broke it."""

from __future__ import annotations

from dataclasses import dataclass

from loopscope.analysis.endings import deadlocks
from loopscope.analysis.holders import Held, held
from loopscope.analysis.trace import Trace, duration
from loopscope.analysis.waits import Wait, line_of, own_tasks, waits_of
from loopscope.protocol import How, Kind

from .finding import Finding, names


@dataclass(frozen=True)
class _Waiting:
    """A task that holds a lock waited for another one."""

    lock: int
    wait: Wait


def check(trace: Trace, source: str) -> list[Finding]:
    """Circles that were broken, by a timeout or who cancelled; what never was is a deadlock, and told as that."""
    found: dict[frozenset[int], Finding] = {}
    waiting = _lock_waits(trace)
    holds = {each.lock: held(trace, each.lock) for waits in waiting.values() for each in waits}
    stuck = deadlocks(trace)
    for waits in waiting.values():
        for last in waits:
            circle = _circle(last, waiting, holds)
            locks = frozenset(each.lock for each in circle)
            ends = [each.wait.after for each in circle]
            broken = [end for end in ends if end is not None]
            forced = any(last.wait.before < event < min(broken, default=event + 1) for event in stuck)
            if circle and broken and not forced and locks not in found:
                found[locks] = _told(trace, circle, min(broken))
    return list(found.values())


def _lock_waits(trace: Trace) -> dict[int, list[_Waiting]]:
    """Task → its waits for locks, in order."""
    found: dict[int, list[_Waiting]] = {}
    for task in own_tasks(trace):
        for wait in waits_of(trace, task):
            row = trace.rows[wait.before]
            if row.how is How.SUSPENDED and trace.primitives.get(row.aux, ("",))[0] == "Lock":
                found.setdefault(task.id, []).append(_Waiting(row.aux, wait))
    return found


def _circle(
    last: _Waiting, waiting: dict[int, list[_Waiting]], holds: dict[int, list[Held]]
) -> list[_Waiting]:
    """The waits that ``last`` closed to a circle when it began; empty if it did not."""
    event, circle = last.wait.before, [last]
    while len(circle) <= len(waiting):
        holder = next((h.by for h in holds[circle[-1].lock] if h.begin <= event < h.end), None)
        if holder == last.wait.task:
            return circle
        now = (w for w in waiting.get(holder or 0, ()) if w.wait.before < event < (w.wait.after or event + 1))
        following = next(now, None)
        if following is None:
            return []
        circle.append(following)
    return []


def _told(trace: Trace, circle: list[_Waiting], end: int) -> Finding:
    last = circle[0].wait
    locks = [trace.primitive_label(each.lock) for each in circle]
    who = [trace.task_label(each.wait.task) for each in circle]
    lines = [line for each in circle if (line := line_of(trace, trace.rows[each.wait.before]))]
    each_told = [
        f"{name} holds {locks[k - 1]} and waits for {locks[k]}"
        + (f" at line {line}" if (line := line_of(trace, trace.rows[circle[k].wait.before])) else "")
        for k, name in enumerate(who)
    ]
    inside = {each.wait.task for each in circle}
    cancelled = [
        row.subject
        for row in trace.rows[last.before : end + 1]
        if row.kind is Kind.CANCEL and row.how is not How.WITHDRAWN and row.subject in inside
    ]
    until = f", until {trace.task_label(cancelled[0])} was cancelled" if cancelled else ""
    lasted = trace.rows[end].ready - last.begin
    order, none = ("opposite order", "neither") if len(circle) == 2 else ("a circle", "none of them")
    return Finding(
        "lock-order",
        f"{names(sorted(locks))} are taken in {order}",
        f"{'; '.join(each_told)}: {none} could go on for {duration(lasted)}{until}.",
        "Without a timeout, or somebody who cancels, that is a deadlock; chance decides which run gets there.",
        "Take the locks in the same order everywhere, or hold one at a time.",
        tuple(dict.fromkeys(lines)),
        (last.before, *(each.wait.before for each in circle[1:])),
    )
