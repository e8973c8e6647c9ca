"""Starvation: ready, but not run for long, though no single step was long."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate

from loopscope.analysis.endings import loop_begin
from loopscope.analysis.trace import Trace, duration
from loopscope.analysis.waits import line_of, own_tasks
from loopscope.protocol import Kind

from .blocked import LONG
from .finding import Finding


def check(trace: Trace, source: str) -> list[Finding]:
    """The longest stay in the ready queue, where many short steps together kept somebody waiting."""
    worst: tuple[float, int] | None = None
    long_steps = sorted(
        (r.t, r.end) for r in trace.rows if r.end - r.t >= LONG and r.kind in (Kind.STEP, Kind.CALLBACK)
    )
    latest = list(accumulate((end for _, end in long_steps), max))  # end of any that began so far
    for task in own_tasks(trace):
        for event in task.steps:
            row = trace.rows[event]
            begin = loop_begin(trace, event)
            ready = row.ready if begin is None else max(row.ready, trace.rows[begin].t)
            stay = row.t - ready
            if stay < 2 * LONG:
                continue
            begun = bisect_left(long_steps, (row.t,))
            if begun and latest[begun - 1] > ready:
                continue
            if worst is None or stay > worst[0]:
                worst = stay, event
    if worst is None:
        return []
    stay, event = worst
    who = trace.task_label(trace.rows[event].subject)
    before = trace.tasks[trace.rows[event].subject].last(event)
    line = line_of(trace, trace.rows[before]) if before is not None else None
    return [
        Finding(
            "starved",
            f"{who} was ready but waited {duration(stay)} for its turn",
            f"{who} stood in the ready queue for {duration(stay)} while others ran, none of them for long.",
            "Turns are given in order: with many tasks ready, each waits for all before it.",
            "Let fewer tasks run at once (a Semaphore, a fixed number of workers), or do more in each turn.",
            (line,) if line else (),
            (event,),
        )
    ]
