"""What was forgotten: coroutines never awaited, exceptions never retrieved, tasks nobody kept."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from loopscope.analysis.endings import forced, is_forced, is_over, loop_before
from loopscope.analysis.trace import Trace, events
from loopscope.protocol import How, Kind

from .finding import Finding

# note → title, what was seen, why it matters, what to do
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
        "{} still waited when the last reference to it went, and it was destroyed with it.",
        "The loop keeps only weak references to tasks: one that nobody keeps may vanish at any time.",
        "Keep the task in a variable or a set until it is done, or use a TaskGroup.",
    ),
    # the same, where no loop ran any more
    "left behind": (
        "{} was destroyed before it was done",
        "{} still waited when its loop had run for the last time, and it was destroyed later.",
        "A task runs only while its loop does: the rest of it never came.",
        "Await the task before its loop ends; asyncio.run at least cancels what is left.",
    ),
}
FUTURE = (
    "A future was given {error}, and nobody asked for its result: it was only logged when the future was destroyed.",
    "Await the future, or look at its exception().",
)


def check(trace: Trace, source: str) -> list[Finding]:
    """What asyncio and the interpreter themselves noticed, except what only the forced end of a run brought about."""
    found = []
    for event in events(trace)[Kind.NOTE]:
        row = trace.rows[event]
        kind, _, about = trace.text(row.aux).partition(": ")
        if kind not in TOLD or _is_told_otherwise(trace, kind, row.subject, about, event):
            continue
        if kind == "destroyed pending" and not _runs(trace, event):
            title, text, why, advice = TOLD["left behind"]
        else:
            title, text, why, advice = TOLD[kind]
        what, _, line = about.partition(" at line ")
        if row.subject in trace.tasks:
            what = trace.task_label(row.subject)
            line = str(trace.line(trace.rows[trace.tasks[row.subject].created].site) or "")
        elif kind == "never retrieved":
            what, (text, advice) = "a future", FUTURE
        lines = (int(line),) if line.isdecimal() else ()
        here = trace.line(row.site)
        if here and kind == "never awaited":  # where it was dropped: as a rule, where it was made
            lines = tuple(dict.fromkeys((here, *lines)))
        text = text.format(what, error=about or "an exception")
        found.append(Finding(kind.replace(" ", "-"), title.format(what), text, why, advice, lines, (event,)))
    return found


def _is_told_otherwise(trace: Trace, kind: str, subject: int, about: str, event: int) -> bool:
    """Whether it says nothing about the program: it had no time left for more, or somebody did look."""
    task = trace.tasks.get(subject)
    if kind == "never retrieved":
        # An exit or Ctrl+C goes through the loop to who runs it; asyncio logs it all the same.
        exits = ("SystemExit", "KeyboardInterrupt")
        if task is None:
            return about.startswith(exits) or is_forced(trace, event)
        if any(trace.rows[step].how is How.INTERRUPTED for step in task.steps):
            return True
        return bool(task.steps) and _ended_by_force(trace, task.steps[-1])
    if kind == "destroyed pending" and task is not None:
        # A task that was not over at a deadlock was not over at those before; the first that it lived to see tells.
        spans = forced(trace)
        first = bisect_right(spans, task.created, key=_stop)
        return first < len(spans) and not is_over(trace, task, spans[first].start)
    return is_forced(trace, event)


def _ended_by_force(trace: Trace, step: int) -> bool:
    """Whether a step came after a deadlock, before the program began something new."""
    spans = forced(trace)
    place = bisect_left(spans, step, key=_start)
    return place > 0 and step < spans[place - 1].stop


def _start(span: range) -> int:
    return span.start


def _stop(span: range) -> int:
    return span.stop


def _runs(trace: Trace, event: int) -> bool:
    """Whether a loop runs at an event."""
    turn = loop_before(trace, event)
    return turn is not None and trace.rows[turn].how is How.BEGIN
