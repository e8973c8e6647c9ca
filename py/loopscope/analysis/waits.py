"""Waits: the stretches between a task's steps, with what ended them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from loopscope.protocol import How, Row

from .trace import TaskInfo, Trace, once


@dataclass(frozen=True)
class Wait:
    """A task gave control back in step event ``before`` and ran again in ``after``; None: it never did."""

    task: int
    before: int
    after: int | None
    begin: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.begin


def waits_of(trace: Trace, task: TaskInfo) -> Iterator[Wait]:
    """The waits of a task, in order; yields count as waits of their own."""
    last = trace.rows[-1]
    end_of_run = max(last.t, last.end)
    for place, event in enumerate(task.steps):
        row = trace.rows[event]
        if row.how not in (How.SUSPENDED, How.YIELDED):
            continue
        after = task.steps[place + 1] if place + 1 < len(task.steps) else None
        until = trace.rows[after].ready if after is not None else end_of_run
        yield Wait(task.id, event, after, row.end, max(until, row.end))


@once
def own_tasks(trace: Trace) -> list[TaskInfo]:
    """The program's tasks: not asyncio's own."""
    return [task for task in trace.tasks.values() if not task.library]


def line_of(trace: Trace, row: Row) -> int | None:
    """The program's line that a step suspended at."""
    site = trace.own_site(row)
    return site.line if site else None
