"""A cancellation swallowed: a task was asked to cancel and went on as if nothing had been."""

from __future__ import annotations

from bisect import bisect_right

from loopscope.analysis.endings import is_forced
from loopscope.analysis.trace import TaskInfo, Trace, events
from loopscope.analysis.waits import line_of, own_tasks
from loopscope.protocol import How, Kind, Row

from .finding import Finding

# Who cancels, where it was no line of the program's.
CANCELLERS = {
    How.BY_GROUP: "A TaskGroup",
    How.BY_CHILD: "A TaskGroup",
    How.BY_RUN: "asyncio.run",
    How.BY_STOP: "An interrupt",
    How.BY_TIMEOUT: "A timeout",
    How.BY_GATHER: "the gather it is in",
}


def check(trace: Trace, source: str) -> list[Finding]:
    """Tasks that a task or the program cancelled, that took it up, and neither ended by it nor took it back."""
    found = []
    asked: dict[int, list[tuple[int, Row]]] = {}
    taken_back: dict[int, list[int]] = {}
    for event in events(trace)[Kind.CANCEL]:
        row = trace.rows[event]
        if row.how is How.WITHDRAWN:
            taken_back.setdefault(row.subject, []).append(event)
        elif is_forced(trace, event):
            continue  # nothing of this would have happened
        elif row.by in trace.tasks or not row.by or row.how is How.BY_GROUP:
            asked.setdefault(row.subject, []).append((event, row))
    for task in own_tasks(trace):
        for event, row in asked.get(task.id, ())[:1]:
            later = task.steps[bisect_right(task.steps, event) :]
            if not later or task.id in taken_back or task.steps[0] > event:
                continue
            ends = [trace.rows[step].how for step in later]
            if How.CANCELLED in ends or How.RAISED in ends or How.INTERRUPTED in ends:
                continue
            if How.RETURNED not in ends and len(later) < 2:
                continue  # it may still be cleaning up: can't tell
            if _passed_on(trace, task, event, later[0]):
                continue
            who = trace.task_label(task.id)
            before = task.last(event)
            line = line_of(trace, trace.rows[before]) if before is not None else None
            by = CANCELLERS.get(row.how, "") if row.how else ""
            by = by or trace.task_label(row.by)
            on = "returned as if nobody had asked" if ends[0] is How.RETURNED else "went on"
            found.append(
                Finding(
                    "swallowed",
                    f"{who} swallowed its cancellation",
                    f"{by} cancelled {who}; it caught CancelledError and {on}.",
                    "Who cancels counts on the task's end: a timeout, a TaskGroup or asyncio.run may wait for ever.",
                    "Clean up in finally, or raise again after except CancelledError.",
                    (line,) if line else (),
                    (later[0], event),
                )
            )
    return found


def _passed_on(trace: Trace, task: TaskInfo, event: int, heard: int) -> bool:
    """Whether a task never heard of it: it waited for another, which was asked in its place, and did not end by it."""
    before = task.last(event)
    row = trace.rows[before] if before is not None else None
    child = trace.tasks.get(row.waits) if row else None
    if row is None or child is None or row.how is not How.SUSPENDED:
        return False
    last = child.last(heard)
    return last is not None and last > event and trace.rows[last].how in (How.RETURNED, How.RAISED)
