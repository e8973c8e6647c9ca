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
    run: list[tuple[ast.stmt, ast.Call]] = []
    for statement in [*block, None]:
        call = _awaited_call(statement) if statement is not None else None
        if (
            statement is not None
            and call is not None
            and all(_independent(each, (statement, call)) for each in run)
        ):
            run.append((statement, call))
            continue
        if len(run) > 1:
            lines = ((s.lineno, s.end_lineno or s.lineno) for s, _ in run)
            groups.append({line: first for first, last in lines for line in range(first, last + 1)})
        run = [(statement, call)] if statement is not None and call is not None else []
    return groups


def _independent(earlier: tuple[ast.stmt, ast.Call], later: tuple[ast.stmt, ast.Call]) -> bool:
    """Whether, as far as it can be seen, one call does nothing that the next one needs."""
    (before, first), (after, second) = earlier, later
    if _names(second, ast.Load) & _made(before):
        return False  # it uses the result
    same = ast.dump(first.func) == ast.dump(second.func)
    if same and isinstance(first.func, ast.Attribute) and _arguments(first) == _arguments(second):
        return False  # the same of one thing, twice: it is another the second time, as in reading a stream
    if not (_is_bare(before, first) or _is_bare(after, second)):
        return True
    # What is called for its effect alone may prepare what comes next: only the same function, done with other things.
    return same and not _data(first) & _data(second)


def _arguments(call: ast.Call) -> list[str]:
    return [ast.dump(part) for part in (*call.args, *call.keywords)]


def _data(call: ast.Call) -> set[str]:
    """The names that a call is given; those of functions that are called on the way are none."""
    called = {
        node.func.id
        for node in ast.walk(call)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return _names(call, ast.Load) - called


def _is_bare(statement: ast.stmt, call: ast.Call) -> bool:
    """Whether nothing is done with what a call gives."""
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Await) and value.value is call


# Awaiting these is about order, not about work: they are left alone.
_ORDERLY: Final = {
    "sleep", "gather", "wait", "wait_for", "acquire", "join", "put", "get", "drain", "wait_closed", "aclose", "close",
    "__aenter__", "__aexit__", "start", "stop", "send", "write", "commit", "rollback", "shield",
    "read", "readline", "readexactly", "readuntil", "recv", "receive", "receive_json", "send_json", "accept", "connect",
    "open_connection", "start_server", "sock_accept", "sock_connect", "sock_recv", "sock_sendall", "anext", "__anext__",
    "asend", "athrow", "fetchone", "fetchmany", "execute", "begin", "login",
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
    return None if name in _ORDERLY or (method and _is_bare(statement, call)) else call


def _made(statement: ast.stmt) -> set[str]:
    """The names that a statement gives a value, or a part of whose value: ``self`` of ``self.user = …``."""
    parts = [
        node
        for node in ast.walk(statement)
        if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store)
    ]
    return _names(statement, ast.Store).union(*(_names(part, ast.Load) for part in parts))


def _names(node: ast.AST, context: type[ast.expr_context]) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, context)}
