"""A gather that failed while others of it were still at work: they went on, and nobody waits for them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from loopscope.analysis.trace import TaskInfo, Trace, cancels, duration, events, once
from loopscope.analysis.waits import line_of, own_tasks
from loopscope.protocol import How, Kind

from .finding import Finding, names

CALLBACK = "gather.<locals>._done_callback"


def check(trace: Trace, source: str) -> list[Finding]:
    """Gathers whose failure woke who waited, with others of theirs at work; silent where those are waited for again."""
    found = []
    for event in events(trace)[Kind.ERROR]:
        row = trace.rows[event]
        if row.how is not How.RETRIEVED or trace.text(row.aux) != "gather":
            continue
        failed = trace.tasks.get(row.subject)
        if failed is None or not failed.parent:
            continue
        waiter = _woken(trace, row.by, event)
        if waiter is None:
            continue  # return_exceptions=True, or gather was over already
        at = trace.rows[waiter].subject
        # Perhaps it waits for those that were left; can't tell.
        if _last_wait_for_tasks(trace).get(at, -1) >= waiter:
            continue
        siblings = [
            task
            for task in _at_work(trace, failed.parent, waiter)
            if task.id != failed.id and not _cancelled(trace, task.id, event, waiter)
        ]
        if not siblings:
            continue
        line = _line(trace, at, waiter)
        who, told = trace.task_label(failed.id), names([trace.task_label(task.id) for task in siblings])
        error = _words(trace, failed.id)
        last = max(task.steps[-1] for task in siblings)
        longer = trace.rows[last].end - trace.rows[waiter].t
        ended = f", for {duration(longer)} more" if longer > 0 else ""
        found.append(
            Finding(
                "sibling",
                f"{told} went on after {who} had failed",
                f"{who} failed with {error}, and gather passed that on at once to {trace.task_label(at)}."
                f" {told} went on{ended}, with nobody waiting.",
                "gather does not cancel the others when one fails: what they do, and how they end, is seen by nobody.",
                "Use asyncio.TaskGroup, which cancels the others and waits; or gather(..., return_exceptions=True).",
                (line,) if line else (),
                (waiter, *(task.created for task in siblings)),
            )
        )
    return found


def _woken(trace: Trace, callback: int, event: int) -> int | None:
    """The step that a gather's failure made ready: by its callback, while others of it were at work."""
    woken = _woken_by_gather(trace).get(callback, [])
    place = bisect_left(woken, event)
    return woken[place] if place < len(woken) else None


@once
def _woken_by_gather(trace: Trace) -> dict[int, list[int]]:
    """Callback → the steps that it made ready through a gather."""
    found: dict[int, list[int]] = {}
    for event in events(trace)[Kind.STEP]:
        row = trace.rows[event]
        if trace.objects.get(row.via) == "gather":
            found.setdefault(row.by, []).append(event)
    return found


def _at_work(trace: Trace, parent: int, event: int) -> list[TaskInfo]:
    """The tasks of a parent's that were in a gather and had a step after an event."""
    gathered = _gathered(trace).get(parent, [])
    tasks = own_tasks(trace)
    return [tasks[k] for k in sorted(k for _, k in gathered[bisect_right(gathered, event, key=_last) :])]


def _last(task: tuple[int, int]) -> int:
    return task[0]


@once
def _gathered(trace: Trace) -> dict[int, list[tuple[int, int]]]:
    """Parent → the last step of each of its tasks that was in a gather, in order, and the task's place in own_tasks.

    The gather of asyncio.run, when it closes its loop, does not count.
    """
    rows = trace.rows
    ends: dict[int, int] = {}
    for event in events(trace)[Kind.CALLBACK]:
        if trace.text(rows[event].aux) == CALLBACK:
            ends[rows[event].by] = ends.get(rows[event].by, 0) + 1
    closing = {rows[event].subject for event in events(trace)[Kind.CANCEL] if rows[event].how is How.BY_RUN}
    found: dict[int, list[tuple[int, int]]] = {}
    for place, task in enumerate(own_tasks(trace)):
        if task.steps and ends.get(task.id, 0) > (task.id in closing):
            found.setdefault(task.parent, []).append((task.steps[-1], place))
    for tasks in found.values():
        tasks.sort()
    return found


@once
def _last_wait_for_tasks(trace: Trace) -> dict[int, int]:
    """Task → the last of its steps that ended in a wait for tasks."""
    found: dict[int, int] = {}
    for task in trace.tasks.values():
        for step in reversed(task.steps):
            row = trace.rows[step]
            if row.how is How.SUSPENDED:
                kind = trace.chains.get(row.chain, ([], "", ""))[1]
                if kind == "task" or row.waits in trace.tasks or trace.objects.get(row.waits) == "gather":
                    found[task.id] = step
                    break
    return found


def _line(trace: Trace, task: int, waiter: int) -> int | None:
    before = trace.tasks[task].last(waiter) if task in trace.tasks else None
    return line_of(trace, trace.rows[before]) if before is not None else None


def _cancelled(trace: Trace, task: int, begin: int, end: int) -> bool:
    """Whether a task was asked to cancel before the program could know, or by who handled the failure."""
    asked = cancels(trace).get(task, [])
    place = bisect_left(asked, begin)
    return place < len(asked) and asked[place] <= end


def _words(trace: Trace, task: int) -> str:
    return _raised(trace).get(task, "an exception")


@once
def _raised(trace: Trace) -> dict[int, str]:
    """Task → the first exception that left it, in words."""
    found: dict[int, str] = {}
    for event in events(trace)[Kind.ERROR]:
        row = trace.rows[event]
        if row.how is How.RAISED:
            found.setdefault(row.subject, trace.text(row.aux))
    return found
