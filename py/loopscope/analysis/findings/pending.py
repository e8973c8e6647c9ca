"""Tasks still pending when the program's main coroutine was done: asyncio.run cancels them."""

from __future__ import annotations

from bisect import bisect_left

from loopscope.analysis.endings import created, is_forced, is_over, roots
from loopscope.analysis.trace import TaskInfo, Trace, events
from loopscope.analysis.waits import own_tasks
from loopscope.protocol import How, Kind

from .finding import Finding, names


def check(trace: Trace, source: str) -> list[Finding]:
    """Tasks that asyncio.run cancelled, each with the main coroutine that was over before. A loop that was stopped
    before that, by who pressed Stop, an exit or a deadlock, says nothing of the tasks in it."""
    if any(trace.rows[event].how is How.STOPPED for event in events(trace)[Kind.EXIT]):
        return []
    mains = roots(trace)
    own = {task.id for task in own_tasks(trace)}
    left: dict[int, dict[int, TaskInfo]] = {}
    main: TaskInfo | None = None  # what asyncio.run was given last
    over = False
    for event, row in enumerate(trace.rows):
        if row.kind is Kind.LOOP and row.how is How.END:
            place = bisect_left(mains, event, key=created)
            main = mains[place - 1] if place else None
            over = main is not None and is_over(trace, main, event)
        cut = row.kind is Kind.CANCEL and row.how is How.BY_RUN and row.subject in own
        if cut and over and main and not is_forced(trace, event):
            left.setdefault(main.id, {})[row.subject] = trace.tasks[row.subject]
    return [_told(trace, number, list(tasks.values())) for number, tasks in left.items()]


def _told(trace: Trace, main: int, left: list[TaskInfo]) -> Finding:
    left.sort(key=created)
    lines = [trace.line(trace.rows[task.created].site) for task in left]
    told, main_name = names([trace.task_label(task.id) for task in left]), trace.task_label(main)
    was, them = ("was", "it") if len(left) == 1 else ("were", "them")
    return Finding(
        "pending",
        f"{told} had not finished when {main_name} was done",
        f"When {main_name} was over, {told} {was} not done yet; asyncio.run cancelled {them}.",
        "Work that nobody waits for is cut off where it stands.",
        f"Await the tasks before {main_name} returns, or run them in a TaskGroup.",
        tuple(dict.fromkeys(line for line in lines if line)),
        tuple(task.created for task in left),
    )
