"""A step that blocked the loop: while it ran nobody else could."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from loopscope.analysis.trace import Trace, duration, once
from loopscope.analysis.waits import own_tasks
from loopscope.protocol import Kind

from .finding import Finding, names

# asyncio's own measure in debug mode is 100 ms; half of that is already seen by a person.
LONG: Final = 0.05  # seconds


def check(trace: Trace, source: str) -> list[Finding]:
    """Steps that took long by the program's clock, with the tasks that could have run meanwhile."""
    found = []
    for event, row in enumerate(trace.rows):
        length = row.end - row.t
        if row.kind is not Kind.STEP or length < LONG or row.subject not in trace.tasks:
            continue
        kept = _kept_waiting(trace, event)
        if not kept:
            continue  # alone on its loop: nobody was harmed
        who = trace.task_label(row.subject)
        line = _line(trace, event)
        found.append(
            Finding(
                "blocked",
                f"{who} blocked the loop for {duration(length)}",
                f"One step of {who} took {duration(length)}. Meanwhile {names(kept)} could not run.",
                "A loop runs one step at a time: until a task awaits something, nobody else has a turn.",
                "Await instead of blocking (asyncio.sleep for time.sleep), or move the work to asyncio.to_thread.",
                (line,) if line else (),
                (event,),
            )
        )
    return found


def _kept_waiting(trace: Trace, event: int) -> list[str]:
    """Tasks that were ready or due while a step ran, and got their turn only after it."""
    blocker, due = trace.rows[event], _due(trace)
    kept = set()
    for place in range(bisect_left(due, (blocker.t - 1e-9,)), bisect_left(due, (blocker.end,))):
        _, task, step = due[place]
        if step > event and trace.rows[step].t >= blocker.end:
            kept.add(task)
    tasks = own_tasks(trace)
    return [trace.task_label(tasks[k].id) for k in sorted(kept) if tasks[k].id != blocker.subject]


@once
def _due(trace: Trace) -> list[tuple[float, int, int]]:
    """When each step was ready or due, in that order; the place of its task in own_tasks, and its event."""
    found = []
    for place, task in enumerate(own_tasks(trace)):
        for step in task.steps:
            row = trace.rows[step]
            due = row.ready
            if row.by in trace.timers:  # its timer was due earlier than the loop could notice
                due = min(due, trace.rows[trace.timers[row.by]].end)
            found.append((due, place, step))
    return sorted(found)


def _line(trace: Trace, event: int) -> int | None:
    """Where the step resumed: the line its task had suspended at, else where its coroutine begins."""
    row = trace.rows[event]
    before = trace.tasks[row.subject].last(event)
    site = trace.own_site(trace.rows[before]) if before is not None else None
    if site is None:
        site = trace.own_site(trace.rows[trace.tasks[row.subject].created])
    return site.line if site else None
