"""A gather that failed while others of it were still at work: they went on, and nobody waits for them."""

from __future__ import annotations

from loopscope.analysis.trace import Trace, duration
from loopscope.analysis.waits import line_of, own_tasks
from loopscope.protocol import How, Kind

from .finding import Finding, names

CALLBACK = "gather.<locals>._done_callback"


def check(trace: Trace, source: str) -> list[Finding]:
    """Gathers whose failure woke who waited, with others of theirs at work; silent where those are waited for again."""
    found = []
    for event, row in enumerate(trace.rows):
        if row.kind is not Kind.ERROR or row.how is not How.RETRIEVED or trace.text(row.aux) != "gather":
            continue
        failed = trace.tasks.get(row.subject)
        if failed is None or not failed.parent:
            continue
        waiter = _woken(trace, row.by, event)
        if waiter is None:
            continue  # return_exceptions=True, or gather was over already
        at = trace.rows[waiter].subject
        siblings = [
            task
            for task in own_tasks(trace)
            if task.id != failed.id
            and task.parent == failed.parent
            and any(step > waiter for step in task.steps)
            and _gathered(trace, task.id)
            and not _cancelled(trace, task.id, event, waiter)
        ]
        if not siblings or _waits_again(trace, at, waiter):
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
    for k in range(event, len(trace.rows)):
        row = trace.rows[k]
        if row.kind is Kind.STEP and row.by == callback and trace.objects.get(row.via) == "gather":
            return k
    return None


def _gathered(trace: Trace, task: int) -> bool:
    """Whether a task was one of a gather's; that of asyncio.run, when it closes its loop, does not count."""
    ends = sum(r.kind is Kind.CALLBACK and r.by == task and trace.text(r.aux) == CALLBACK for r in trace.rows)
    closing = any(r.kind is Kind.CANCEL and r.how is How.BY_RUN and r.subject == task for r in trace.rows)
    return ends > closing


def _waits_again(trace: Trace, task: int, waiter: int) -> bool:
    """Whether who was woken waits for tasks later on: perhaps for those that were left; can't tell."""
    for step in trace.tasks[task].steps if task in trace.tasks else ():
        row = trace.rows[step]
        if step >= waiter and row.how is How.SUSPENDED:
            kind = trace.chains.get(row.chain, ([], "", ""))[1]
            if kind == "task" or row.waits in trace.tasks or trace.objects.get(row.waits) == "gather":
                return True
    return False


def _line(trace: Trace, task: int, waiter: int) -> int | None:
    before = [step for step in trace.tasks[task].steps if step < waiter] if task in trace.tasks else []
    return line_of(trace, trace.rows[before[-1]]) if before else None


def _cancelled(trace: Trace, task: int, begin: int, end: int) -> bool:
    """Whether a task was asked to cancel before the program could know, or by who handled the failure."""
    rows = trace.rows[begin : end + 1]
    return any(row.kind is Kind.CANCEL and row.subject == task for row in rows)


def _words(trace: Trace, task: int) -> str:
    for row in trace.rows:
        if row.kind is Kind.ERROR and row.how is How.RAISED and row.subject == task:
            return trace.text(row.aux)
    return "an exception"
