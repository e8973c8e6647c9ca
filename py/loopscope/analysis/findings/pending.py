"""Tasks still pending when the program's main coroutine was done: asyncio.run cancels them."""

from __future__ import annotations

from loopscope.analysis.trace import Trace
from loopscope.analysis.waits import own_tasks
from loopscope.protocol import How, Kind

from .finding import Finding, names


def check(trace: Trace, source: str) -> list[Finding]:
    """Tasks that were cancelled from outside of any task after the loop had stopped, main's own end apart."""
    first_end = next((k for k, r in enumerate(trace.rows) if r.kind is Kind.LOOP and r.how is How.END), None)
    stopped = any(r.kind is Kind.EXIT and r.how is not How.FINISHED for r in trace.rows)
    if (
        first_end is None
        or stopped
        or any(r.kind is Kind.NOTE and trace.text(r.aux) == "deadlock" for r in trace.rows)
    ):
        return []
    left = []
    for event in range(first_end, len(trace.rows)):
        row = trace.rows[event]
        if row.kind is Kind.CANCEL and not row.by and row.subject in trace.tasks:
            left.append(row.subject)
    left = [task.id for task in own_tasks(trace) if task.id in left]
    if not left:
        return []
    lines = [trace.line(trace.rows[trace.tasks[number].created].site) for number in left]
    told = names([trace.task_label(number) for number in left])
    return [
        Finding(
            "pending",
            f"{told} had not finished when main was done",
            f"When the main coroutine returned, {told} was still at work; asyncio.run cancelled it."
            if len(left) == 1
            else f"When the main coroutine returned, {told} were still at work; asyncio.run cancelled them.",
            "Work that nobody waits for is cut off where it stands.",
            "Await the tasks before main returns, or run them in a TaskGroup.",
            tuple(dict.fromkeys(line for line in lines if line)),
            tuple(trace.tasks[number].created for number in left),
        )
    ]
