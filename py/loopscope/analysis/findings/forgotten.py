"""What was forgotten: coroutines never awaited, exceptions never retrieved, tasks nobody kept."""

from __future__ import annotations

from loopscope.analysis.trace import Trace
from loopscope.protocol import Kind

from .finding import Finding

# note → title, what to do
TOLD = {
    "never awaited": (
        "{} was never awaited",
        "The coroutine {} was made but never ran: calling a coroutine function only makes it.",
        "Nothing of its body was executed.",
        "Await it, or give it to asyncio.create_task or a TaskGroup.",
    ),
    "never retrieved": (
        "The exception of {} was never retrieved",
        "{} failed, and nobody asked for its result: the error was only logged when the task was destroyed.",
        "An error that nobody looks at is lost.",
        "Await the task, or run it in a TaskGroup, which passes its children's errors on.",
    ),
    "destroyed pending": (
        "{} was destroyed before it was done",
        "Nobody kept a reference to {}, and it was destroyed while it waited.",
        "The loop keeps only weak references to tasks: one that nobody keeps may vanish at any time.",
        "Keep the task in a variable or a set until it is done, or use a TaskGroup.",
    ),
}


def check(trace: Trace, source: str) -> list[Finding]:
    """What asyncio and the interpreter themselves noticed."""
    found = []
    for event, row in enumerate(trace.rows):
        if row.kind is not Kind.NOTE:
            continue
        kind, _, about = trace.text(row.aux).partition(": ")
        if kind not in TOLD:
            continue
        what, _, line = about.rpartition(" at line ")
        if row.subject in trace.tasks:
            what = trace.task_label(row.subject)
            line = str(trace.line(trace.rows[trace.tasks[row.subject].created].site) or "")
        title, text, why, advice = TOLD[kind]
        lines = (int(line),) if line.isdecimal() else ()
        here = trace.line(row.site)
        if here and kind == "never awaited":  # where it was dropped: as a rule, where it was made
            lines = tuple(dict.fromkeys((here, *lines)))
        found.append(
            Finding(
                kind.replace(" ", "-"), title.format(what), text.format(what), why, advice, lines, (event,)
            )
        )
    return found
