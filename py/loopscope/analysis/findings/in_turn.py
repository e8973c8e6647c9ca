"""Awaits one after the other that did not depend on each other, and could have run at once."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Final

from loopscope.analysis.trace import Trace, duration
from loopscope.analysis.waits import own_tasks, waits_of
from loopscope.protocol import How

from .finding import Finding

WORTH: Final = 0.001  # seconds saved


def check(trace: Trace, source: str) -> list[Finding]:
    """Neighbouring statements that await a call each, where the later uses nothing the earlier made."""
    found = []
    groups = _independent_groups(source)
    spent_in = _spent(trace, groups) if groups else {}
    for place in range(len(groups)):
        for task, spent, first in spent_in.get(place, ()):
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
                    f"{trace.task_label(task)} awaits lines {at} one after the other: {duration(total)}."
                    " None uses what another made.",
                    "await waits for the end. Nothing of the next call is begun before.",
                    "Begin them together: asyncio.gather(...), or tasks in an asyncio.TaskGroup.",
                    lines,
                    tuple(first[line] for line in lines),
                )
            )
            break
    return found


def _spent(
    trace: Trace, groups: list[dict[int, int]]
) -> dict[int, list[tuple[int, dict[int, float], dict[int, int]]]]:
    """Group → each task that waited in it, with the seconds it waited in each statement and its first wait there."""
    at_line: dict[int, list[int]] = {}
    for place, group in enumerate(groups):
        for line in group:
            at_line.setdefault(line, []).append(place)
    lines_of: dict[int, dict[int, int]] = {}  # by chain
    found: dict[int, list[tuple[int, dict[int, float], dict[int, int]]]] = {}
    for task in own_tasks(trace):
        for wait in waits_of(trace, task):
            row = trace.rows[wait.before]
            if row.how is not How.SUSPENDED or wait.after is None:
                continue
            if row.chain not in lines_of:
                lines_of[row.chain] = _lines_in(trace, row.chain, groups, at_line)
            for place, line in lines_of[row.chain].items():
                tasks = found.setdefault(place, [])
                if not tasks or tasks[-1][0] != task.id:
                    tasks.append((task.id, {}, {}))
                _, spent, first = tasks[-1]
                spent[line] = spent.get(line, 0.0) + wait.seconds
                first.setdefault(line, wait.before)
    return found


def _lines_in(
    trace: Trace, chain: int, groups: list[dict[int, int]], at_line: dict[int, list[int]]
) -> dict[int, int]:
    """The groups that a chain passes through, each with its outermost statement there: that one's first line."""
    found: dict[int, int] = {}
    for number in trace.chains.get(chain, ([], "", ""))[0]:
        site = trace.sites[number]
        if trace.codes[site.code][3] and site.column >= 0:
            for place in at_line.get(site.line, ()):
                found.setdefault(place, groups[place][site.line])
    return found


def _independent_groups(source: str) -> list[dict[int, int]]:
    """Runs of neighbouring independent awaits: line → its statement's first line."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return []
    groups = []
    for node in ast.walk(tree):
        for part in ("body", "orelse", "finalbody"):
            block = getattr(node, part, None)
            if isinstance(block, list):
                groups += _groups_of(block)
    return groups


def _groups_of(block: list[ast.stmt]) -> list[dict[int, int]]:
    groups: list[dict[int, int]] = []
    run = _Run()
    for statement in [*block, None]:
        call = _awaited_call(statement) if statement is not None else None
        if statement is not None and call is not None and run.takes(statement, call):
            continue
        if len(run.statements) > 1:
            lines = ((s.lineno, s.end_lineno or s.lineno) for s in run.statements)
            groups.append({line: first for first, last in lines for line in range(first, last + 1)})
        run = _Run()
        if statement is not None and call is not None:
            run.takes(statement, call)
    return groups


@dataclass
class _Run:
    """Neighbouring statements that do not need each other, and what all of them do together.

    A program may have thousands in a row: each is compared with those before it as a whole.
    """

    statements: list[ast.stmt] = field(default_factory=list)
    made: set[str] = field(default_factory=set)  # names
    methods: set[tuple[str, ...]] = field(default_factory=set)  # that were called, each with its arguments
    called: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)  # names
    # The same of those that are called for their effect alone.
    bare_called: set[str] = field(default_factory=set)
    bare_given: set[str] = field(default_factory=set)

    def takes(self, statement: ast.stmt, call: ast.Call) -> bool:
        """Add a statement, unless, as far as it can be seen, it needs what one of the others does."""
        function, given, bare = ast.dump(call.func), _data(call), _is_bare(statement, call)
        method = (function, *_arguments(call)) if isinstance(call.func, ast.Attribute) else ()
        if _names(call, ast.Load) & self.made:
            return False  # it uses a result
        if method in self.methods:
            return False  # the same of one thing, twice: another the second time, as in reading a stream
        # What is called for its effect alone may prepare what comes next: only the same function, with other things.
        called, used = (self.called, self.given) if bare else (self.bare_called, self.bare_given)
        if called - {function} or used & given:
            return False
        self.statements.append(statement)
        self.made |= _made(statement)
        self.called.add(function)
        self.given |= given
        if bare:
            self.bare_called.add(function)
            self.bare_given |= given
        if method:
            self.methods.add(method)
        return True


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
