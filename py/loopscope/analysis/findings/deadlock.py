"""A deadlock: every task waits, no timer is armed, and nothing from outside can come."""

from __future__ import annotations

from loopscope.analysis.trace import TaskInfo, Trace
from loopscope.analysis.waits import line_of, own_tasks
from loopscope.protocol import How, Kind, Row

from .finding import Finding, names


def check(trace: Trace, source: str) -> list[Finding]:
    """Exact: the loop itself noted that nothing can wake it."""
    event = next(
        (k for k, r in enumerate(trace.rows) if r.kind is Kind.NOTE and trace.text(r.aux) == "deadlock"), None
    )
    if event is None:
        return []
    stuck = [(task, row) for task in own_tasks(trace) if (row := _waiting(trace, task, event))]
    holders = _holders(trace, event)
    told, lines, blocked_by = [], [], {}
    for task, row in stuck:
        line = line_of(trace, row)
        at = f" at line {line}" if line else ""
        holder = holders.get(row.aux, 0)
        held = f", held by {trace.task_label(holder)}" if holder else ""
        told.append(f"{trace.task_label(task.id)} waits for {trace.awaited(row)}{at}{held}")
        blocked_by[task.id] = holder or (row.waits if row.waits in trace.tasks else 0)
        if line:
            lines.append(line)
    cycle = _cycle(blocked_by)
    if cycle:
        around = " → ".join(trace.task_label(number) for number in [*cycle, cycle[0]])
        title = f"Deadlock: {around}"
        advice = "Take the locks in the same order everywhere, or hold one at a time."
    else:
        title = f"Deadlock: nobody will ever wake {names([trace.task_label(t.id) for t, _ in stuck])}"
        advice = "Somebody has to set, put, release or finish what they wait for; or wait with a timeout."
    why = "Nothing is ready, no timer is armed and nothing from outside is awaited: the program would hang for ever."
    events = tuple(task.steps[-1] for task, _ in stuck if task.steps)
    return [
        Finding("deadlock", title, "; ".join(told) + ".", why, advice, tuple(dict.fromkeys(lines)), events)
    ]


def _waiting(trace: Trace, task: TaskInfo, event: int) -> Row | None:
    before = [step for step in task.steps if step < event]
    if not before or task.created > event:
        return None
    row = trace.rows[before[-1]]
    return row if row.how is How.SUSPENDED else None


def _holders(trace: Trace, event: int) -> dict[int, int]:
    """Locks that are held at an event: lock → task."""
    held: dict[int, int] = {}
    for row in trace.rows[:event]:
        if row.kind is Kind.STATE and trace.primitives.get(row.subject, ("",))[0] == "Lock":
            if row.aux:
                held[row.subject] = row.by
            else:
                held.pop(row.subject, None)
    return held


def _cycle(blocked_by: dict[int, int]) -> list[int]:
    for start in blocked_by:
        path = [start]
        while (number := blocked_by.get(path[-1], 0)) and number not in path:
            path.append(number)
        if number:
            return path[path.index(number) :]
    return []
