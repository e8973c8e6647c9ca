"""A deadlock: every task waits, no timer is armed, and nothing from outside can come."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from loopscope.analysis.endings import closed, created, deadlocks
from loopscope.analysis.holders import holders, kind_of
from loopscope.analysis.trace import TaskInfo, Trace, events, once
from loopscope.analysis.waits import line_of, own_tasks
from loopscope.protocol import How, Kind, Row

from .finding import Finding, names


def check(trace: Trace, source: str) -> list[Finding]:
    """Exact: the loop itself noted that nothing can wake it."""
    return [_told(trace, event) for event in deadlocks(trace)]


# What tasks and futures are waited for through: who would wake those would wake who waits here.
_THROUGH = ("gather", "shield")


def _told(trace: Trace, event: int) -> Finding:
    stuck = stuck_at(trace, event)
    told, lines, roots = [], [], []
    blocked_by: dict[int, list[int]] = {}
    held_by: dict[int, tuple[list[int], str]] = {}  # by primitive: who holds it, and that in words
    for task, row in stuck:
        line = line_of(trace, row)
        if row.aux not in held_by:
            holding = [number for number in holders(trace, row.aux, event) if number in trace.tasks]
            held = f", held by {names([trace.task_label(number) for number in holding])}" if holding else ""
            held_by[row.aux] = holding, held
        holding, held = held_by[row.aux]
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
        rows = {task.id: row for task, row in stuck}
        title, advice = _circle(trace, [rows[number] for number in cycle])
    else:
        joined = {row.aux for row in roots if label_of(trace, row) == "Queue.join"}
        # Who takes from a queue that is waited to be done with waits rightly: nothing more would come.
        roots = [row for row in roots if not (row.aux in joined and label_of(trace, row) == "Queue.get")]
        wishes = list(dict.fromkeys(_wish(trace, row) for row in roots))
        stuck_names = names([trace.task_label(t.id) for t, _ in stuck])
        title = f"Deadlock: nobody will ever {_any(wishes) or f'wake {stuck_names}'}"
        advice = "Somebody has to do that; or wait with a timeout, to see that nobody does."
        if len(joined) == len(wishes) == 1:
            advice = "Who takes an item from a queue calls task_done() once it is done with it."
    why = "Nothing is ready, no timer is armed and nothing from outside is awaited: the program would hang for ever."
    last = {task.id: step for task, _ in stuck if (step := task.last(event)) is not None}
    # Where it was closed is where to look: the last one to wait did it.
    closes = max((last[number] for number in cycle or last if number in last), default=None)
    looked_at = (*(() if closes is None else (closes,)), *(step for step in last.values() if step != closes))
    return Finding(
        "deadlock", title, "; ".join(told) + ".", why, advice, tuple(dict.fromkeys(lines)), looked_at
    )


def stuck_at(trace: Trace, event: int) -> list[tuple[TaskInfo, Row]]:
    """The tasks that a deadlock is of, in order, each with the step in which it began to wait."""
    since = closed(trace, event)
    tasks = own_tasks(trace)
    born = range(bisect_right(tasks, since, key=created), bisect_left(tasks, event, key=created))
    return [(tasks[k], row) for k in born if (row := _waiting(trace, tasks[k], event))]


def _circle(trace: Trace, rows: list[Row]) -> tuple[str, str]:
    """Title and advice for tasks that wait for each other in a circle, by the steps in which they began to wait."""
    around = " → ".join(trace.task_label(row.subject) for row in [*rows, rows[0]])
    kinds = [kind_of(trace, row.aux) for row in rows]
    if len(kinds) == 1 and kinds[0]:
        who, what = trace.task_label(rows[0].subject), trace.primitive_label(rows[0].aux)
        if kinds == ["Lock"]:
            advice = "No lock can be taken twice, not even by one task: call what needs it without taking it again."
            return f"Deadlock: {who} waits for {what}, which it holds itself", advice
        advice = "Give a place back before the next one is taken, or make more of them."
        return f"Deadlock: {who} waits for a place of {what}, and has all of them itself", advice
    if not any(kinds):
        advice = "Two that wait for each other's end never end: one of them has to go on without the other."
    elif all(kinds):
        advice = "Take the locks in the same order everywhere, or hold one at a time."
    else:
        advice = "Don't wait for a task while you hold what it needs: give it back first."
    return f"Deadlock: {around}", advice


def _waiting(trace: Trace, task: TaskInfo, event: int) -> Row | None:
    last = task.last(event)
    row = trace.rows[last] if last is not None else None
    return row if row and row.how is How.SUSPENDED else None


def _any(wishes: list[str]) -> str:
    """``a``, ``a or b``, ``a, b or 3 other things``."""
    shown = wishes if len(wishes) <= 3 else [*wishes[:2], f"{len(wishes) - 2} other things"]
    return " or ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))


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


def label_of(trace: Trace, row: Row) -> str:
    """'Queue.get', 'Event.wait': what a step ended waiting in."""
    return trace.chains.get(row.chain, ([], "", ""))[2].partition(" in ")[0]


def _wish(trace: Trace, row: Row) -> str:
    label = label_of(trace, row)
    if row.aux in trace.primitives and label in _WISHES:
        return _WISHES[label].format(trace.primitive_label(row.aux))
    awaited = trace.awaited(row)
    return "set the result of a future" if awaited == "a future" else f"wake who waits for {awaited}"


def _more(trace: Trace, row: Row, event: int) -> str:
    """The state that a barrier or queue is stuck in."""
    kind = trace.primitives.get(row.aux, ("",))[0]
    bound = trace.bounds.get(row.aux, 0)
    if kind == "Barrier" and bound:
        come = _state(trace, row.aux, None, event)
        return f", {come} of {bound} have come" if come is not None else ""
    if "Queue" not in kind:
        return ""
    if label_of(trace, row) == "Queue.join":
        left = _state(trace, row.aux, How.UNFINISHED, event)
        return f" ({left} unfinished)" if left is not None else ""
    size = _state(trace, row.aux, None, event)
    return f" ({size}{f' of {bound}' if bound else ''} in it)" if size is not None else ""


def _state(trace: Trace, primitive: int, what: How | None, event: int) -> int | None:
    """The latest value of a primitive before an event; None where none was told."""
    told = _states(trace).get((primitive, what), [])
    place = bisect_left(told, event)
    return trace.rows[told[place - 1]].aux if place else None


@once
def _states(trace: Trace) -> dict[tuple[int, How | None], list[int]]:
    """Primitive and what is told of it → the events at which it was."""
    found: dict[tuple[int, How | None], list[int]] = {}
    for event in events(trace)[Kind.STATE]:
        row = trace.rows[event]
        found.setdefault((row.subject, row.how), []).append(event)
    return found


def _at(line: int | None) -> str:
    return f" at line {line}" if line else ""


def _cycle(blocked_by: dict[int, list[int]]) -> list[int]:
    """Tasks that wait for each other in a circle; who waits for several holders is free when one of them goes."""
    free: set[int] = set()  # who leads to no circle
    for start in blocked_by:
        path: dict[int, int] = {}  # who → its place
        here = start
        while here not in path and here not in free:
            path[here] = len(path)
            next_ones = blocked_by.get(here, [])
            if len(next_ones) != 1:
                free.add(here)
                break
            here = next_ones[0]
        if here not in free:
            return list(path)[path[here] :]
        free.update(path)
    return []
