"""How runs end: what a program did itself, and what was done to it because nothing could happen any more."""

from __future__ import annotations

from loopscope.protocol import Flag, How, Kind

from .trace import TaskInfo, Trace


def deadlocks(trace: Trace) -> list[int]:
    """The events at which a loop noted that nothing can wake it; each time its run was ended from outside."""
    rows = trace.rows
    return [k for k, row in enumerate(rows) if row.kind is Kind.NOTE and trace.text(row.aux) == "deadlock"]


def forced(trace: Trace) -> list[range]:
    """The events after each deadlock until the program begins something new: nothing of it would have happened."""
    found = []
    for event in deadlocks(trace):
        new = (task.created for task in roots(trace) if task.created > event)
        found.append(range(event, min(new, default=len(trace.rows))))
    return found


def roots(trace: Trace) -> list[TaskInfo]:
    """The tasks that no task or callback made: what was given to asyncio.run, as a rule."""
    return [task for task in trace.tasks.values() if not task.library and not task.parent]


def closed(trace: Trace, event: int) -> int:
    """The event at which the latest loop before an event was closed by asyncio.run; -1: none was.

    Tasks that were made earlier belong to that loop, or to one before it.
    """
    rows = trace.rows
    closing = (k for k in range(event, -1, -1) if rows[k].kind is Kind.TASK and rows[k].flags & Flag.LIBRARY)
    return next(closing, -1)


def is_over(trace: Trace, task: TaskInfo, event: int) -> bool:
    """Whether a task was done before an event."""
    before = [step for step in task.steps if step < event]
    ends = (How.RETURNED, How.RAISED, How.CANCELLED, How.INTERRUPTED)
    return bool(before) and trace.rows[before[-1]].how in ends
