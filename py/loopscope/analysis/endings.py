"""How runs end: what a program did itself, and what was done to it because nothing could happen any more."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from loopscope.protocol import Flag, How, Kind

from .trace import TaskInfo, Trace, events, once


@once
def deadlocks(trace: Trace) -> list[int]:
    """The events at which a loop noted that nothing can wake it; each time its run was ended from outside."""
    return [event for event in events(trace)[Kind.NOTE] if trace.text(trace.rows[event].aux) == "deadlock"]


@once
def forced(trace: Trace) -> list[range]:
    """The events after each deadlock until the program begins something new: nothing of it would have happened.

    In order; none ends before the one ahead of it.
    """
    begins = [task.created for task in roots(trace)]
    ends = [*begins, len(trace.rows)]
    return [range(event, ends[bisect_right(begins, event)]) for event in deadlocks(trace)]


def is_forced(trace: Trace, event: int) -> bool:
    """Whether an event was brought about by the forced end of a run."""
    # Of those that begin before it, the last one reaches furthest.
    spans = forced(trace)
    place = bisect_right(spans, event, key=_start)
    return place > 0 and event in spans[place - 1]


def _start(span: range) -> int:
    return span.start


@once
def roots(trace: Trace) -> list[TaskInfo]:
    """The tasks that no task or callback made, in order: what was given to asyncio.run, as a rule."""
    found = [task for task in trace.tasks.values() if not task.library and not task.parent]
    return sorted(found, key=created)


def created(task: TaskInfo) -> int:
    """The event at which a task was made."""
    return task.created


@once
def _closings(trace: Trace) -> list[int]:
    rows = trace.rows
    return [event for event in events(trace)[Kind.TASK] if rows[event].flags & Flag.LIBRARY]


def closed(trace: Trace, event: int) -> int:
    """The event at which the latest loop before an event was closed by asyncio.run; -1: none was.

    Tasks that were made earlier belong to that loop, or to one before it.
    """
    place = bisect_right(_closings(trace), event)
    return _closings(trace)[place - 1] if place else -1


def is_over(trace: Trace, task: TaskInfo, event: int) -> bool:
    """Whether a task was done before an event."""
    last = task.last(event)
    ends = (How.RETURNED, How.RAISED, How.CANCELLED, How.INTERRUPTED)
    return last is not None and trace.rows[last].how in ends


def loop_before(trace: Trace, event: int) -> int | None:
    """The latest event before this one at which a loop began or ended to run."""
    turns = events(trace)[Kind.LOOP]
    place = bisect_left(turns, event)
    return turns[place - 1] if place else None


def loop_begin(trace: Trace, event: int) -> int | None:
    """The latest event before this one at which a loop began to run."""
    begins = _begins(trace)
    place = bisect_left(begins, event)
    return begins[place - 1] if place else None


@once
def _begins(trace: Trace) -> list[int]:
    return [event for event in events(trace)[Kind.LOOP] if trace.rows[event].how is How.BEGIN]
