"""The critical path: the chain of steps and waits that determined how long a run took.

It is walked backwards, from the last step of the program to its first:

    main    ▇────────────────────────▇        woken by the end of b …
    a        ▇─────▇
    b        ▇──────────────▇▇───────▇        … whose timer was armed by its step before, and so on
             ◀──────────────────────          to the step that created b, and to main's first
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from loopscope.protocol import How, Kind, Row

from .endings import deadlocks, roots
from .findings.finding import names
from .findings.swallowed import CANCELLERS
from .trace import Trace, cancels, duration, events, once

MOST = 400  # links that are told; of a longer path the last ones
STEPS = 100_000  # events that are walked over
INSTANT = 1e-9  # seconds that are none: sums of times differ by less


@dataclass(frozen=True)
class Link:
    """One stretch of the path. Times in seconds; ``event`` is where to look; ``text`` is one sentence."""

    begin: float
    end: float
    task: int
    event: int
    text: str


def critical_path(trace: Trace) -> list[Link]:
    """The links, in order of time. Empty where the program was stopped, took no time, or did not use the loop."""
    last = _last_step(trace)
    if last is None or trace.lost:
        return []
    links: list[Link] = []
    event: int | None = last
    for _ in range(STEPS):
        if event is None or len(links) > MOST:
            break
        event = _before(trace, event, links)
    links.reverse()
    return links if links and any(link.end > link.begin for link in links) else []


def _last_step(trace: Trace) -> int | None:
    """The step with which the program's own work in its loop ended: its main task's last."""
    ends = (trace.rows[event].how for event in events(trace)[Kind.EXIT])
    if deadlocks(trace) or not any(how in (How.FINISHED, How.FAILED) for how in ends):
        return None
    lasts = _ends_of_roots(trace)
    return lasts[-1] if lasts else None


@once
def _ends_of_roots(trace: Trace) -> list[int]:
    """The last steps of the tasks that nobody made, in order."""
    return sorted(task.steps[-1] for task in roots(trace) if task.steps)


def _end_before(trace: Trace, begin: int) -> int | None:
    """The end of the loop before: a program may run one after the other."""
    lasts = _ends_of_roots(trace)
    place = bisect_left(lasts, begin)
    return lasts[place - 1] if place else None


def _before(trace: Trace, event: int, links: list[Link]) -> int | None:
    """Adds the links that end in a run; returns the run before them on the path."""
    row = trace.rows[event]
    who = trace.task_label(row.subject)
    if row.end > row.t:
        runs = f"{who} runs for {duration(row.end - row.t)}"
        if row.kind is Kind.CALLBACK:
            runs = f"{_callback(trace, row)} runs for {duration(row.end - row.t)}"
        text = f"{runs}{_from(trace, event)}; nobody else has a turn."
        links.append(Link(row.t, row.end, row.subject, event, text))
    due = _due(trace, row)
    if row.t > due + INSTANT:
        behind = names(_ran_between(trace, due, event))
        text = f"{who} is ready, and waits {duration(row.t - due)} for its turn" + (
            f" behind {behind}." if behind else "."
        )
        links.append(Link(due, row.t, row.subject, event, text))
    if row.kind is Kind.CALLBACK:
        return _armed(trace, row, links) if row.how is How.TIMER else _cause(trace, row)
    before = trace.tasks[row.subject].last(event)
    if before is None:
        if row.by not in trace.tasks:
            return _end_before(trace, trace.tasks[row.subject].created)
        text = f"{trace.task_label(row.by)} starts {who}{_at(trace, row.site)}."
        links.append(Link(row.ready, row.ready, row.by, event, text))
        return _cause(trace, row)
    earlier = trace.rows[before]
    if earlier.how is How.YIELDED:
        return before
    cancel = _cancel(trace, row.subject, before, event)
    then = f"; then {cancel}" if cancel else ""
    if row.by in trace.timers:
        links.append(_wait(trace, before, due, then))
        timer = trace.rows[trace.timers[row.by]]
        return before if timer.by == row.subject else _run_of(trace, timer.by, trace.timers[row.by])
    cause = _cause(trace, row)
    if cause is None:  # from outside the loop
        links.append(_wait(trace, before, row.ready, then))
        return before
    text = f"{who} goes on: {cancel}." if cancel else _woken(trace, row, trace.rows[cause])
    if text:
        links.append(Link(row.ready, row.ready, row.subject, before, text))
    return cause


def _woken(trace: Trace, row: Row, cause: Row) -> str:
    """How a task came to be ready, by the run in which it did; empty where a run before tells."""
    who = trace.task_label(row.subject)
    if cause.kind is Kind.CALLBACK:
        before = _cause(trace, cause)
        ended = before is not None and trace.rows[before].how in (How.RETURNED, How.RAISED, How.CANCELLED)
        return f"{trace.task_label(cause.by)} ends, and {who} goes on." if ended else ""
    waker = trace.task_label(row.by)
    if row.by == row.subject:
        return ""  # a task that woke itself went on
    if row.via == row.by and row.via in trace.tasks:
        return f"{waker} ends; {who} waited for that."
    return f"{waker} wakes {who}{_at(trace, row.site)}."


def _callback(trace: Trace, row: Row) -> str:
    name = trace.text(row.aux).replace("<locals>.", "")
    if name in ("_run_job", "_job_done"):
        return f"A job that {trace.task_label(row.by)} waits for"
    return f"The callback {name}"


def _due(trace: Trace, row: Row) -> float:
    """When a handle could have run: a timer's is due before the loop gets round to it."""
    if row.by in trace.timers and row.kind is Kind.STEP:
        return min(row.ready, trace.rows[trace.timers[row.by]].end)
    return row.ready


def _cancel(trace: Trace, task: int, begin: int, end: int) -> str:
    """Who asked a task to cancel between two of its steps, in words; empty if nobody did, or it was not told."""
    child = trace.tasks.get(trace.rows[begin].waits)
    last = child.last(end) if child else None
    if last is not None and last > begin and trace.rows[last].how in (How.RETURNED, How.RAISED):
        return ""  # it waited for that one, which was asked in its place
    asked = cancels(trace).get(task, [])
    for place in range(bisect_right(asked, begin), bisect_left(asked, end)):
        row = trace.rows[asked[place]]
        if row.how is not How.WITHDRAWN:
            if row.how is How.BY_PARENT:
                return f"{trace.task_label(row.via)}, which waits for it, is cancelled"
            who = CANCELLERS.get(row.how, "") if row.how else ""
            who = who[:1].lower() + who[1:] if who.startswith(("A ", "An ")) else who
            return f"{who or trace.task_label(row.by)} cancels it"
    return ""


def _wait(trace: Trace, before: int, until: float, then: str = "") -> Link:
    row = trace.rows[before]
    site = trace.own_site(row)
    line = f", line {site.line}" if site else ""
    begin = row.end
    text = f"{trace.task_label(row.subject)} waits {duration(until - begin)} for {trace.awaited(row)}{line}{then}."
    return Link(begin, max(until, begin), row.subject, before, text)


def _armed(trace: Trace, row: Row, links: list[Link]) -> int | None:
    """A timer's own callback: the run that armed it."""
    armed = trace.timers.get(row.subject)
    if armed is None:
        return None
    timer = trace.rows[armed]
    who, runs = trace.task_label(timer.by), duration(timer.end - timer.t)
    text = f"A timer that {who} armed{_at(trace, timer.site)} runs for {runs}."
    links.append(Link(timer.t, row.ready, timer.by, armed, text))
    return _run_of(trace, timer.by, armed)


def _cause(trace: Trace, row: Row) -> int | None:
    return _run_of(trace, row.by, row.ready_seq)


def _run_of(trace: Trace, subject: int, event: int) -> int | None:
    """The run of a task or callback during which an event happened; None: outside of any."""
    if not subject:
        return None
    runs = _runs(trace).get(subject, [])
    place = bisect_left(runs, event)
    return runs[place] if place < len(runs) else None


@once
def _runs(trace: Trace) -> dict[int, list[int]]:
    """Task or callback → the events that are its runs."""
    found: dict[int, list[int]] = {}
    for event, row in enumerate(trace.rows):
        if row.kind is Kind.STEP or row.kind is Kind.CALLBACK:
            found.setdefault(row.subject, []).append(event)
    return found


def _ran_between(trace: Trace, since: float, event: int) -> list[str]:
    """Who ran for any time at all, before an event and after a moment."""
    found: list[str] = []
    for k in range(event - 1, max(0, event - 10_000) - 1, -1):
        other = trace.rows[k]
        if other.kind in (Kind.STEP, Kind.CALLBACK) and other.end <= since:
            break
        if other.kind is Kind.STEP and other.end > other.t and other.subject in trace.tasks:
            found.append(trace.task_label(other.subject))
    return list(dict.fromkeys(reversed(found)))


def _from(trace: Trace, event: int) -> str:
    """Where a step resumed."""
    task = trace.tasks.get(trace.rows[event].subject)
    if task is None:
        return ""
    before = task.last(event)
    site = trace.own_site(trace.rows[task.created if before is None else before])
    return f" from line {site.line}" if site else ""


def _at(trace: Trace, site: int) -> str:
    line = trace.line(site)
    return f", line {line}" if line else ""
