"""Awaits one after the other that did not depend on each other, and could have run at once."""

from __future__ import annotations

import ast
from typing import Final

from loopscope.analysis.trace import Trace, duration
from loopscope.analysis.waits import own_tasks, waits_of
from loopscope.protocol import How

from .finding import Finding

WORTH: Final = 0.001  # seconds saved


def check(trace: Trace, source: str) -> list[Finding]:
    """Neighbouring statements that await a call each, where the later uses nothing the earlier made."""
    found = []
    for group in _independent_groups(source):
        for task in own_tasks(trace):
            spent: dict[int, float] = {}
            first: dict[int, int] = {}
            for wait in waits_of(trace, task):
                row = trace.rows[wait.before]
                line = _line_in(trace, row.chain, group)
                if line is not None and row.how is How.SUSPENDED and wait.after is not None:
                    spent[line] = spent.get(line, 0.0) + wait.seconds
                    first.setdefault(line, wait.before)
            if len(spent) < 2:
                continue
            total, longest = sum(spent.values()), max(spent.values())
            if total - longest < WORTH:
                continue
            lines = tuple(sorted(spent))
            at = ", ".join(map(str, lines[:-1])) + f" and {lines[-1]}"
            found.append(
                Finding(
                    "in-turn",
                    f"Lines {at} wait {duration(total)}, could be {duration(longest)}",
                    f"{trace.task_label(task.id)} awaits lines {at} one after the other: {duration(total)}."
                    " None uses what another made.",
                    "await waits for the end. Nothing of the next call is begun before.",
                    "Begin them together: asyncio.gather(...), or tasks in an asyncio.TaskGroup.",
                    lines,
                    tuple(first[line] for line in lines),
                )
            )
            break
    return found


def _line_in(trace: Trace, chain: int, group: dict[int, int]) -> int | None:
    """The group's statement that a chain passes through: its first line."""
    for number in trace.chains.get(chain, ([], "", ""))[0]:
        site = trace.sites[number]
        if trace.codes[site.code][3] and site.line in group and site.column >= 0:
            return group[site.line]
    return None


def _independent_groups(source: str) -> list[dict[int, int]]:
    """Runs of neighbouring independent awaits: line → its statement's first line."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return []
    groups = []
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                groups += _groups_of(block)
    return groups


def _groups_of(block: list[ast.stmt]) -> list[dict[int, int]]:
    groups: list[dict[int, int]] = []
    run: list[ast.stmt] = []
    made: set[str] = set()
    for statement in [*block, None]:
        call = _awaited_call(statement) if statement is not None else None
        if call is not None and statement is not None and not (_names(call, ast.Load) & made):
            run.append(statement)
            made |= _names(statement, ast.Store)
            continue
        if len(run) > 1:
            groups.append({n: s.lineno for s in run for n in range(s.lineno, (s.end_lineno or s.lineno) + 1)})
        run, made = (
            ([statement], _names(statement, ast.Store)) if call is not None and statement else ([], set())
        )
    return groups


# Awaiting these is about order, not about work: they are left alone.
_ORDERLY: Final = {
    "sleep", "gather", "wait", "wait_for", "acquire", "join", "put", "get", "drain", "wait_closed", "aclose", "close",
    "__aenter__", "__aexit__", "start", "stop", "send", "write", "commit", "rollback", "shield",
}  # fmt: skip


def _awaited_call(statement: ast.stmt) -> ast.Call | None:
    """The one call that a simple statement awaits: ``x = await f(...)``, ``print(await f(...))``, ``await f(...)``."""
    if not isinstance(statement, (ast.Expr, ast.Assign, ast.AnnAssign)):
        return None
    awaits = [node for node in ast.walk(statement) if isinstance(node, ast.Await)]
    if len(awaits) != 1 or not isinstance(awaits[0].value, ast.Call):
        return None
    call = awaits[0].value
    method = isinstance(call.func, ast.Attribute)
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    # A bare `await thing.method()` is done for what it changes in the thing: its place in the order may matter.
    bare = isinstance(statement, ast.Expr) and statement.value is awaits[0]
    return None if name in _ORDERLY or (bare and method) else call


def _names(node: ast.AST, context: type[ast.expr_context]) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, context)}
