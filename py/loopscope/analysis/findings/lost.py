"""A wake-up that came before anybody waited for it: a condition keeps none, and an event only until it is cleared."""

from __future__ import annotations

from bisect import bisect_left

from loopscope.analysis.endings import deadlocks
from loopscope.analysis.trace import Trace, events, once
from loopscope.protocol import How, Kind

from .deadlock import label_of, stuck_at
from .finding import Finding, names

WHY = {
    "Condition": "A condition keeps no notification: notify() wakes who waits at that moment, and nobody later.",
    "Event": "Who comes after clear() finds an event that is not set, however often it was set before.",
}
ADVICE = {
    "Condition": "Keep in a variable, under the lock, that it has happened, and wait only until it has: wait_for().",
    "Event": "Clear an event only when all who need it have seen it; or wait for it before anybody can set it.",
}


def check(trace: Trace, source: str) -> list[Finding]:
    """Deadlocks in which somebody waits, for the first time, for what was notified, or set and cleared, before.

    Exact in what it tells; whether what was meant by that wake-up is what is waited for, only the author can tell.
    """
    found = []
    for event in deadlocks(trace):
        late: dict[int, list[int]] = {}  # by primitive: the steps in which it began to be waited for
        for task, row in stuck_at(trace, event):
            step = task.last(event)
            if step is not None and _waits_first(trace, row.aux, row.subject) == step:
                if label_of(trace, row) in ("Condition.wait", "Event.wait"):
                    late.setdefault(row.aux, []).append(step)
        for primitive, steps in late.items():
            before = _lost(trace, primitive, min(steps), event)
            if before is not None:
                found.append(_told(trace, primitive, before, steps))
    return found


def _lost(trace: Trace, primitive: int, begin: int, end: int) -> int | None:
    """The event of the last wake-up before a wait, if nobody waited then, and none came since."""
    rows, told = trace.rows, _told_of(trace).get(primitive, [])
    place = bisect_left(told, begin)
    if not place or any(rows[event].aux or rows[event].how for event in told[place : bisect_left(told, end)]):
        return None
    if trace.primitives[primitive][0] != "Event":
        return told[place - 1] if rows[told[place - 1]].aux == 0 else None
    # Made, …, set, cleared.
    was_set = place > 2 and rows[told[place - 2]].aux and not rows[told[place - 1]].aux
    return told[place - 2] if was_set else None


def _told(trace: Trace, primitive: int, before: int, steps: list[int]) -> Finding:
    row, kind = trace.rows[before], trace.primitives[primitive][0]
    what, whom = (
        trace.primitive_label(primitive),
        names([trace.task_label(trace.rows[k].subject) for k in steps]),
    )
    line, lines = trace.line(row.site), [site.line for k in steps if (site := trace.own_site(trace.rows[k]))]
    at = f" at line {line}" if line else ""
    was = "notified" if kind == "Condition" else "set and cleared"
    did = f"notified {what}{at}, and nobody waited for it then"
    never = "was not notified again"
    if kind == "Event":
        did, never = f"set {what}{at}, and it was cleared", "was not set again"
    return Finding(
        "lost-wakeup",
        f"{what} was {was} before {whom} waited for it",
        f"{trace.task_label(row.by)} {did}. Only after that {whom} began to wait for {what}, which {never}.",
        WHY[kind],
        ADVICE[kind],
        tuple(dict.fromkeys(filter(None, [line, *lines]))),
        (before, *steps),
    )


@once
def _told_of(trace: Trace) -> dict[int, list[int]]:
    """Event → when it was made, set and cleared; condition → when it was notified."""
    found: dict[int, list[int]] = {}
    for event in events(trace)[Kind.STATE]:
        row = trace.rows[event]
        kind = trace.primitives.get(row.subject, ("",))[0]
        if kind == "Event" or (kind == "Condition" and row.how is How.NOTIFIED):
            found.setdefault(row.subject, []).append(event)
    return found


def _waits_first(trace: Trace, primitive: int, task: int) -> int | None:
    """The step in which a task began to wait for a primitive for the first time."""
    return _first_waits(trace).get((primitive, task))


@once
def _first_waits(trace: Trace) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = {}
    for event in events(trace)[Kind.STEP]:
        row = trace.rows[event]
        if row.how is How.SUSPENDED and row.aux in trace.primitives:
            found.setdefault((row.aux, row.subject), event)
    return found
