"""A deadlock: every task waits, no timer is armed, and nothing from outside can come."""

from __future__ import annotations

from loopscope.analysis.endings import closed, deadlocks
from loopscope.analysis.holders import holders
from loopscope.analysis.trace import TaskInfo, Trace
from loopscope.analysis.waits import line_of, own_tasks
from loopscope.protocol import How, Kind, Row

from .finding import Finding, names


def check(trace: Trace, source: str) -> list[Finding]:
    """Exact: the loop itself noted that nothing can wake it."""
    return [_told(trace, event) for event in deadlocks(trace)]


# What tasks and futures are waited for through: who would wake those would wake who waits here.
_THROUGH = ("gather", "shield")


def _told(trace: Trace, event: int) -> Finding:
    since = closed(trace, event)
    tasks = [task for task in own_tasks(trace) if task.created > since]
    stuck = [(task, row) for task in tasks if (row := _waiting(trace, task, event))]
    told, lines, roots = [], [], []
    blocked_by: dict[int, list[int]] = {}
    for task, row in stuck:
        line = line_of(trace, row)
        holding = [number for number in holders(trace, row.aux, event) if number in trace.tasks]
        held = f", held by {names([trace.task_label(number) for number in holding])}" if holding else ""
        told.append(
            f"{trace.task_label(task.id)} waits for {trace.awaited(row)}{_at(line)}{held}{_more(trace, row, event)}"
        )
        waits_for_tasks = row.waits in trace.tasks or trace.objects.get(row.waits) in _THROUGH
        blocked_by[task.id] = holding or ([row.waits] if row.waits in trace.tasks else [])
        if row.aux in trace.primitives or not (
            waits_for_tasks or trace.chains.get(row.chain, ([], "", ""))[1] == "task"
        ):
            roots.append(row)
        if line:
            lines.append(line)
    cycle = _cycle(blocked_by)
    if cycle:
        around = " → ".join(trace.task_label(number) for number in [*cycle, cycle[0]])
        title = f"Deadlock: {around}"
        advice = "Take the locks in the same order everywhere, or hold one at a time."
    else:
        wishes = list(dict.fromkeys(_wish(trace, row) for row in roots))
        stuck_names = names([trace.task_label(t.id) for t, _ in stuck])
        title = f"Deadlock: nobody will ever {names(wishes) or f'wake {stuck_names}'}"
        advice = "Somebody has to do that; or wait with a timeout, to see that nobody does."
    why = "Nothing is ready, no timer is armed and nothing from outside is awaited: the program would hang for ever."
    events = tuple(_last(task, event) for task, _ in stuck)
    return Finding("deadlock", title, "; ".join(told) + ".", why, advice, tuple(dict.fromkeys(lines)), events)


def _waiting(trace: Trace, task: TaskInfo, event: int) -> Row | None:
    last = _last(task, event)
    row = trace.rows[last] if last >= 0 else None
    return row if row and row.how is How.SUSPENDED else None


def _last(task: TaskInfo, event: int) -> int:
    return max((step for step in task.steps if step < event), default=-1)


# What would have to be done for who waits in a method of a primitive.
_WISHES = {
    "Lock.acquire": "release {}",
    "Semaphore.acquire": "release {}",
    "acquire": "release {}",
    "Event.wait": "set {}",
    "Condition.wait": "notify {}",
    "Condition.wait_for": "notify {}",
    "Condition.wait, for its lock": "release the lock of {}",
    "Barrier.wait": "come to {} as well",
    "Queue.get": "put anything into {}",
    "Queue.put": "take anything from {}",
    "Queue.join": "call task_done() of {}",
}


def _wish(trace: Trace, row: Row) -> str:
    label = trace.chains.get(row.chain, ([], "", ""))[2].partition(" in ")[0]
    if row.aux in trace.primitives and label in _WISHES:
        return _WISHES[label].format(trace.primitive_label(row.aux))
    awaited = trace.awaited(row)
    return "set the result of a future" if awaited == "a future" else f"wake who waits for {awaited}"


def _more(trace: Trace, row: Row, event: int) -> str:
    """The state that a barrier or queue is stuck in."""
    kind = trace.primitives.get(row.aux, ("",))[0]
    bound = trace.bounds.get(row.aux, 0)
    states = [r for r in trace.rows[:event] if r.kind is Kind.STATE and r.subject == row.aux]
    if kind == "Barrier" and bound and states:
        return f", {states[-1].aux} of {bound} have come"
    left = [r.aux for r in states if r.how is How.UNFINISHED]
    if "Queue" in kind and trace.chains.get(row.chain, ([], "", ""))[2] == "Queue.join":
        return f", {left[-1]} unfinished" if left else ""
    size = [r.aux for r in states if r.how is None]
    if "Queue" in kind and size:
        return f", which holds {size[-1]}" + (f" of {bound}" if bound else "")
    return ""


def _at(line: int | None) -> str:
    return f" at line {line}" if line else ""


def _cycle(blocked_by: dict[int, list[int]]) -> list[int]:
    """Tasks that wait for each other in a circle; who waits for several holders is free when one of them goes."""
    for start in blocked_by:
        path = [start]
        while (
            (next_ones := blocked_by.get(path[-1], [])) and len(next_ones) == 1 and next_ones[0] not in path
        ):
            path.append(next_ones[0])
        if len(next_ones) == 1:
            return path[path.index(next_ones[0]) :]
    return []
