"""A cancellation swallowed: a task was asked to cancel and went on as if nothing had been."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from loopscope.analysis.endings import is_forced
from loopscope.analysis.trace import TaskInfo, Trace, cancels, duration, events
from loopscope.analysis.waits import line_of, own_tasks
from loopscope.protocol import Flag, How, Kind, Row

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
    unheard = _unheard(trace)
    for task in own_tasks(trace):
        if task.id in unheard:
            found.append(_of_timeout(trace, task, *unheard[task.id]))
            continue
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


def _unheard(trace: Trace) -> dict[int, tuple[int, int]]:
    """Task → the first request of a timeout that it swallowed, and the step in which it did.

    The timeout itself saw that: no exception left its block. A task that waits for another passes the request on, so it
    is that one which swallowed it.
    """
    found: dict[int, tuple[int, int]] = {}
    for event in events(trace)[Kind.CANCEL]:
        row = trace.rows[event]
        if not row.flags & Flag.UNHEARD:
            continue
        requests = cancels(trace)[row.subject]
        place = bisect_left(requests, event) - 1
        while place >= 0 and trace.rows[requests[place]].how is not How.BY_TIMEOUT:
            place -= 1
        task = trace.tasks.get(row.subject)
        while place >= 0 and task is not None:
            asked = requests[place]
            heard = _step_after(task, asked)
            before = task.last(asked)
            if heard is None or before is None or not _passed_on(trace, task, asked, heard):
                found.setdefault(task.id, (asked, heard or event))
                break
            task = trace.tasks.get(trace.rows[before].waits)
    return found


def _step_after(task: TaskInfo, event: int) -> int | None:
    place = bisect_right(task.steps, event)
    return task.steps[place] if place < len(task.steps) else None


def _of_timeout(trace: Trace, task: TaskInfo, asked: int, heard: int) -> Finding:
    row = trace.rows[asked]
    who, whom = trace.task_label(task.id), trace.task_label(row.subject)
    before = task.last(asked)
    line = line_of(trace, trace.rows[before]) if before is not None else None
    armed = trace.timers.get(row.by)
    length = f" of {duration(trace.rows[armed].end - trace.rows[armed].t)}" if armed is not None else ""
    through, on = "", "went on"
    if row.subject != task.id:
        through, on = f", which waited for {who}", "returned as if nobody had asked"
    return Finding(
        "swallowed",
        f"{who} swallowed its cancellation",
        f"A timeout{length} cancelled {whom}{through}; {who} caught CancelledError and {on}, so no TimeoutError came.",
        "A timeout cancels what runs in its block: where that is swallowed, nobody learns that it took too long.",
        "Clean up in finally, or raise again after except CancelledError.",
        (line,) if line else (),
        (heard, asked),
    )


def _passed_on(trace: Trace, task: TaskInfo, event: int, heard: int) -> bool:
    """Whether a task never heard of it: it waited for another, which was asked in its place, and did not end by it."""
    before = task.last(event)
    row = trace.rows[before] if before is not None else None
    child = trace.tasks.get(row.waits) if row else None
    if row is None or child is None or row.how is not How.SUSPENDED:
        return False
    last = child.last(heard)
    return last is not None and last > event and trace.rows[last].how in (How.RETURNED, How.RAISED)
