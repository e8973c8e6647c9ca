"""A busy loop: a task that gives way again and again instead of waiting for something."""

from __future__ import annotations

from typing import Final

from loopscope.analysis.trace import Trace
from loopscope.analysis.waits import line_of, own_tasks
from loopscope.protocol import How

from .finding import Finding

MANY: Final = 200  # turns in a row at one line


def check(trace: Trace, source: str) -> list[Finding]:
    """Tasks that yielded at the same line very many times in a row."""
    found = []
    for task in own_tasks(trace):
        longest, first, run, line = 0, 0, 0, None
        for event in task.steps:
            row = trace.rows[event]
            here = line_of(trace, row) if row.how is How.YIELDED else None
            run = run + 1 if here is not None and here == line else int(here is not None)
            if run > longest:
                longest, first, best = run, event, here
            line = here
        if longest >= MANY and best is not None:
            who = trace.task_label(task.id)
            found.append(
                Finding(
                    "busy",
                    f"{who} took {longest} turns in a row at line {best}",
                    f"{who} gave way with sleep(0) {longest} times in a row instead of waiting for something.",
                    "The loop never gets to rest: it burns a processor, and every other task waits behind it.",
                    "Wait for what you poll: an Event, a Queue, a Condition, or a sleep that is not zero.",
                    (best,),
                    (first,),
                )
            )
    return found
