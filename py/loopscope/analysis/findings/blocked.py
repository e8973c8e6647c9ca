"""A step that blocked the loop: while it ran nobody else could."""

from __future__ import annotations

import ast
from bisect import bisect_left
from functools import lru_cache
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
        since = f", from line {line} on," if line else ""
        line = _sleep(source, line) or line
        found.append(
            Finding(
                "blocked",
                f"{who} blocked the loop for {duration(length)}",
                f"One step of {who}{since} took {duration(length)}. Meanwhile {names(kept)} could not run.",
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


def _sleep(source: str, line: int | None) -> int | None:
    """The line of the one call of time.sleep that a step may have come to; None: there is none, or more than one.

    It is looked for in the function that the step was in, where there are several: from ``line`` on it ran.
    """
    calls, functions = _sleeps(source)
    if len(calls) > 1 and line:
        around = max(
            (span for span in functions if line in span), key=lambda span: span.start, default=range(0)
        )
        calls = [call for call in calls if call in around]
    return calls[0] if len(calls) == 1 else None


@lru_cache(maxsize=1)
def _sleeps(source: str) -> tuple[list[int], list[range]]:
    """Lines of calls of time.sleep, however it was imported; and the lines of each function."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError):
        return [], []
    called = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            called |= {f"{alias.asname or 'time'}.sleep" for alias in node.names if alias.name == "time"}
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            called |= {alias.asname or "sleep" for alias in node.names if alias.name == "sleep"}
    calls = [node.lineno for node in nodes if isinstance(node, ast.Call) and _dotted(node.func) in called]
    functions = [
        range(node.lineno, (node.end_lineno or node.lineno) + 1)
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return calls, functions


def _dotted(node: ast.expr) -> str:
    """``sleep`` or ``time.sleep``; empty for what is called otherwise."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return ""
