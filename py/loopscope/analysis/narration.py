"""A run told in words: one line an event, in the order of events."""

from __future__ import annotations

from loopscope.protocol import How, Kind, Row

from .trace import Trace, duration

# Callbacks by which asyncio stops its own loop: no doing of the program.
_INTERNAL = ("_run_until_complete_cb",)
_ENDS = {How.RETURNED: "returns", How.CANCELLED: "is cancelled"}
# Who asks a task to cancel, where that is not simply who runs.
_CANCELLERS = {
    How.BY_GROUP: "its TaskGroup",
    How.BY_CHILD: "its own TaskGroup",
    How.BY_TIMEOUT: "a timeout",
    How.BY_GATHER: "the gather it is in",
    How.BY_RUN: "asyncio.run",
    How.BY_STOP: "an interrupt",
}


def narrate(trace: Trace, library: bool = False) -> list[str]:
    """One sentence an event; what asyncio does for itself (closing the loop) only with ``library``."""
    begun: set[int] = set()
    cancelled: dict[int, Row] = {}  # by task: who asked it to cancel since its last step
    own: dict[int, Row] = {}  # what tasks ask of themselves in the step that runs: felt in the next one
    lines = []
    for row in trace.rows:
        if row.kind is Kind.CANCEL:
            during = row.via if row.how is How.BY_STOP else row.by
            if row.how is How.WITHDRAWN:
                own.pop(row.subject, None)
            else:
                (own if during == row.subject else cancelled).setdefault(row.subject, row)
        text = _tell(trace, row, begun, cancelled)
        task = trace.tasks.get(row.subject)
        if row.kind is Kind.STEP:
            begun.add(row.subject)
            cancelled.pop(row.subject, None)
            if row.subject in own:
                cancelled[row.subject] = own.pop(row.subject)
        internal = (task and task.library) or (row.kind is Kind.CALLBACK and trace.text(row.aux) in _INTERNAL)
        if text and (library or not internal):
            lines.append(f"t={duration(row.t)}: {text}")
    return lines


def _tell(trace: Trace, row: Row, begun: set[int], cancelled: dict[int, Row]) -> str:
    who = trace.task_label(row.subject)
    if row.kind is Kind.TASK:
        return f"{trace.task_label(row.by)} creates task {who}{_at(trace, row.site)}"
    if row.kind is Kind.STEP:
        return f"{who} {_resumed(trace, row, begun, cancelled.get(row.subject))}, then {_ended(trace, row)}"
    if row.kind is Kind.CALLBACK:
        name = trace.text(row.aux)
        if row.how is How.TIMER:
            return f"the timer that {trace.task_label(row.by)} armed{_at(trace, row.site)} fires: {name}"
        return f"callback {name} runs, scheduled by {trace.task_label(row.by)}{_at(trace, row.site)}"
    if row.kind is Kind.TIMER:
        return f"{trace.task_label(row.by)} arms a timer for t={duration(row.end)}{_at(trace, row.site)}"
    if row.kind is Kind.TIMER_CANCELLED:
        return f"{trace.task_label(row.by)} cancels a timer{_at(trace, row.site)}"
    if row.kind is Kind.OUTPUT:
        does = {How.STDOUT: "prints", How.STDERR: "prints to stderr"}.get(row.how or How.STDOUT, "reads")
        return f"{trace.task_label(row.by)} {does}{_at(trace, row.site)}: {trace.text(row.aux).rstrip()!r}"
    if row.kind is Kind.IDLE:
        woken = "woken from outside" if row.how is How.OUTSIDE else "until a timer is due"
        return f"the loop waits {duration(row.end - row.t)}, {woken}"
    if row.kind is Kind.CANCEL:
        if row.how is How.WITHDRAWN:
            whom = "itself" if row.by == row.subject else who
            return f"{trace.task_label(row.by)} takes back a request to cancel {whom}{_at(trace, row.site)}"
        message = f" with message {trace.text(row.aux)!r}" if row.aux else ""
        passed = "," if row.how is How.BY_PARENT else ""
        return f"{_canceller(trace, row)}{passed} cancels {who}{_at(trace, row.site)}{message}"
    if row.kind is Kind.EXIT:
        assert row.how is not None
        return f"the program is {row.how.name.lower()}, exit code {row.aux}"
    return ""


def _resumed(trace: Trace, row: Row, begun: set[int], cancel: Row | None) -> str:
    if row.subject not in begun:
        return "begins" if cancel is None else f"begins, cancelled by {_asked(trace, cancel)}"
    if cancel is not None:
        return f"resumes: cancelled by {_asked(trace, cancel)}"
    if row.by == row.subject:
        return "takes its next turn"
    if row.via in trace.tasks:
        return f"resumes: {trace.task_label(row.via)} ended"
    if row.via in trace.objects:
        return f"resumes: {trace.objects[row.via]} is done"
    if row.by in trace.timers:
        return f"resumes: its timer{_at(trace, trace.rows[trace.timers[row.by]].site)} fired"
    if not row.by:
        return "resumes: woken from outside the loop"
    return f"resumes: woken by {trace.task_label(row.by)}{_at(trace, row.site)}"


def _ended(trace: Trace, row: Row) -> str:
    if row.how is How.SUSPENDED or row.how is How.YIELDED:
        site = trace.own_site(row)
        line = f" at line {site.line}" if site else ""
        waits = "waits for" if row.how is How.SUSPENDED else "gives way with"
        return f"{waits} {trace.awaited(row)}{line}"
    if row.how is How.RAISED:
        return f"raises {trace.text(row.aux)}"
    if row.how is How.INTERRUPTED:
        return f"raises {trace.text(row.aux) or 'an interrupt'}, which stops the loop"
    return _ENDS.get(row.how, "ends") if row.how else "ends"


def _asked(trace: Trace, row: Row) -> str:
    return f"{_canceller(trace, row)}{_at(trace, row.site)}"


def _canceller(trace: Trace, row: Row) -> str:
    if row.how is How.BY_PARENT:
        return f"{trace.task_label(row.via)}, which waits for it"
    return _CANCELLERS.get(row.how or How.FINISHED) or trace.task_label(row.by)


def _at(trace: Trace, site: int) -> str:
    line = trace.line(site)
    return f" at line {line}" if line else ""
