"""The critical path: the chain of steps and waits that determined how long a run took.

It is walked backwards, from the last step of the program to its first:

    main    ▇────────────────────────▇        woken by the end of b …
    a        ▇─────▇
    b        ▇──────────────▇▇───────▇        … whose timer was armed by its step before, and so on
             ◀──────────────────────          to the step that created b, and to main's first
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from loopscope.protocol import Flag, How, Kind, Row

from .endings import deadlocks, loop_before, loop_begin, roots
from .findings.finding import names
from .findings.swallowed import CANCELLERS
from .trace import Trace, cancels, duration, events, once
from .waits import own_tasks

MOST = 400  # links that are told; of a longer path the last ones
STEPS = 100_000  # events that are walked over
INSTANT = 1e-9  # seconds that are none: sums of times differ by less
CLOSING = 1e-3  # seconds that it takes to close a loop, or to begin one, on a real clock
STOPS = "_run_until_complete_cb"
# Callbacks of timers with which the network in memory delays what is sent.
ON_THE_WAY = frozenset({"Channel._land", "Description.wake_reader", "Stream._knock"})
OWN = re.compile(r"Base\w*EventLoop\._")  # coroutines that only asyncio itself calls
# Callbacks of timers with which asyncio.wait, wait_for and as_completed limit how long they wait.
LIMITS = frozenset({"_release_waiter", "_AsCompletedIterator._handle_timeout", "as_completed._on_timeout"})
A_TIMEOUT = "a timeout cancels it"


@dataclass(frozen=True)
class Link:
    """One stretch of the path. Times in seconds; ``event`` is where to look; ``text`` is one sentence."""

    begin: float
    end: float
    task: int
    event: int
    text: str


def critical_path(trace: Trace) -> list[Link]:
    """The links, in order of time: each begins where the one before ends.

    Empty where the program was stopped, took no time, or did not use the loop.
    """
    links: list[Link] = []
    place = None if trace.lost else _end(trace, links)
    for _ in range(STEPS):
        if place is None or len(links) > MOST:
            break
        place = _before(trace, *place, links)
    links.reverse()
    return links if any(link.end > link.begin for link in links) else []


# A run on the path, and the moment up to which it is on it: by then it had done what the path goes on with.
_Place = tuple[int, float]


def _end(trace: Trace, links: list[Link]) -> _Place | None:
    """Where the program's work ended: in its main task's last step, if nothing after that took time."""
    over = [
        event for event in events(trace)[Kind.EXIT] if trace.rows[event].how in (How.FINISHED, How.FAILED)
    ]
    last = _last_before(_ends_of_roots(trace), len(trace.rows))
    if deadlocks(trace) or not over or last is None:
        return None
    if trace.rows[over[-1]].t - trace.rows[last].end <= CLOSING:
        return last, trace.rows[last].end
    return _outside(trace, over[-1], trace.rows[over[-1]].t, links)


def _outside(trace: Trace, event: int, until: float, links: list[Link]) -> _Place | None:
    """The run before a moment at which no loop ran: a program may run one after the other."""
    last = _last_before(_ends_of_roots(trace), event)
    if last is None or until - trace.rows[last].end > CLOSING:
        # The last one of those that asyncio.run cancels when its main task is done.
        last = _last_before(_own_steps(trace), event)
    if last is not None and until - trace.rows[last].end <= CLOSING:
        _at_top(links, trace.rows[last].end, until, event, "outside of its loops")
        return last, min(until, trace.rows[last].end)
    turns = events(trace)[Kind.LOOP]
    place = bisect_left(turns, event)
    if place < 2:
        _at_top(links, 0.0, until, event, "before its loop begins")
        return None
    begin, end = turns[place - 2], turns[place - 1]
    until = _at_top(links, trace.rows[end].t, until, event, "outside of its loops")
    return _stop(trace, range(begin, end), until, links)


def _at_top(links: list[Link], begin: float, until: float, event: int, where: str) -> float:
    """Adds what the program does while no loop runs; returns its begin."""
    if until <= begin + INSTANT:
        return until
    links.append(
        Link(begin, until, 0, event, f"The program itself runs for {duration(until - begin)} {where}.")
    )
    return begin


def _stop(trace: Trace, loop: range, until: float, links: list[Link]) -> _Place | None:
    """The run that stopped a loop. What was ready with it had its turn, too."""
    runs = [event for event in loop if trace.rows[event].kind in (Kind.STEP, Kind.CALLBACK)]
    stops = [event for event in runs if trace.text(trace.rows[event].aux) == STOPS]
    for event in reversed(runs):
        if not stops or event == stops[-1]:
            return event, until
        row = trace.rows[event]
        if row.end > row.t and not row.flags & Flag.EAGER:
            links.append(Link(row.t, until, row.subject, event, _runs_for(trace, event, until)))
            until = row.t
    return None


@once
def _ends_of_roots(trace: Trace) -> list[int]:
    """The last steps of the tasks that nobody made, in order."""
    return sorted(task.steps[-1] for task in roots(trace) if task.steps)


@once
def _own_steps(trace: Trace) -> list[int]:
    """The steps of the program's own tasks."""
    return sorted(event for task in own_tasks(trace) for event in task.steps)


def _last_before(found: list[int], event: int) -> int | None:
    place = bisect_left(found, event)
    return found[place - 1] if place else None


def _before(trace: Trace, event: int, until: float, links: list[Link]) -> _Place | None:
    """Adds the links that end in a run; returns the run before it on the path."""
    row = trace.rows[event]
    who = trace.task_label(row.subject)
    if until > row.t:
        links.append(Link(row.t, until, row.subject, event, _runs_for(trace, event, until)))
    task = trace.tasks.get(row.subject)
    before = task.last(event) if task else None
    timer = trace.timers.get(row.subject if row.kind is Kind.CALLBACK else row.by)
    due = _due(trace, row, before, timer)
    begin = loop_begin(trace, event)
    begun = trace.rows[begin].t if begin is not None else 0.0
    late = due < begun - INSTANT
    if late:
        due = begun  # it was ready before its loop ran
    if row.t > due + INSTANT:
        behind = names(_ran_between(trace, due, event))
        text = f"{who} is ready, and waits {duration(row.t - due)} for its turn" + (
            f" behind {behind}." if behind else "."
        )
        links.append(Link(due, row.t, row.subject, event, text))
    if late and begin is not None:
        return _outside(trace, begin, due, links)
    if row.kind is Kind.CALLBACK:
        return _cause(trace, event, due, links) if timer is None else _armed(trace, timer, due, links)
    if before is None:
        if row.by and not _is_of_asyncio(trace, row.subject):
            text = f"{trace.task_label(row.by)} starts {who}{_at(trace, row.site)}."
            links.append(Link(due, due, row.by, event, text))
        return _cause(trace, event, due, links)
    earlier = trace.rows[before]
    if earlier.how is How.YIELDED:
        return before, due
    cancel = _cancel(trace, row.subject, before, event)
    then = f"; then {cancel}" if cancel else ""
    outside = not row.by and _runs_at(trace, row.ready_seq)
    if outside or (timer is not None and due > earlier.end and _is_own(trace, timer, before)):
        text = f"{who} {_waits(trace, before, due)}{then}."
        links.append(Link(earlier.end, due, row.subject, before, text))
        return before, earlier.end
    if timer is not None and due > earlier.end:
        meanwhile = f"; meanwhile {who} {_waits(trace, before)}{then}"
        if cancel == A_TIMEOUT:
            meanwhile = f"; then it cancels {who}, which {_waits(trace, before)}"
        return _armed(trace, timer, due, links, meanwhile, row.subject)
    text = f"{who} goes on: {cancel}." if cancel else ""
    if timer is None and not text:
        text = _woken(trace, event)
    if text and not _is_of_asyncio(trace, row.subject):
        links.append(Link(due, due, row.subject, before, text))
    # A timer may be over before its task waits for it.
    return _cause(trace, event, due, links) if timer is None else (before, due)


def _due(trace: Trace, row: Row, before: int | None, timer: int | None) -> float:
    """When a run could have been: a timer's is due before the loop gets round to it."""
    due = row.ready
    if timer is not None:
        armed = trace.rows[timer]
        due = max(min(due, armed.end), armed.t)
    return due if before is None else max(due, trace.rows[before].end)


def _is_own(trace: Trace, timer: int, step: int) -> bool:
    """Whether a timer was armed in a step: what it is for is what that waits for."""
    return _run_of(trace, trace.rows[timer].by, timer) == step


def _armed(
    trace: Trace, timer: int, due: float, links: list[Link], then: str = "", waiter: int = 0
) -> _Place | None:
    """The run that armed a timer, from whose arming on the path is the timer's; ``waiter``: whom it wakes."""
    row = trace.rows[timer]
    who = "a callback" if row.by in trace.timers else trace.task_label(row.by)
    line = f"{_at(trace, row.site)}," if _at(trace, row.site) else ""
    name, runs = trace.text(row.aux).replace("<locals>.", ""), f"runs for {duration(due - row.t)}"
    text = f"A timer that {who} armed{line} {runs}{then}."
    if name == "Timeout._on_timeout":
        text = f"A timeout that {who} set{line} {runs}{then}."
    elif name in LIMITS:
        text = f"A time limit that {who} set{line} {runs}{then}."
    elif name in ON_THE_WAY:
        text = f"What {who} sent{line} takes {duration(due - row.t)} to come."
    links.append(Link(row.t, due, row.by if row.by in trace.tasks else waiter, timer, text))
    run = _run_of(trace, row.by, timer)
    if run is not None:
        return run, row.t
    return None if _runs_at(trace, timer) else _outside(trace, timer, row.t, links)


def _cause(trace: Trace, event: int, due: float, links: list[Link]) -> _Place | None:
    """The run that made another ready; what is on the way takes its time."""
    row = trace.rows[event]
    cause = _cause_of(trace, event)
    if cause is not None:
        sent = min(due, trace.rows[cause].end)
        if cause < row.ready_seq and due > sent + INSTANT:
            text = f"What {trace.task_label(row.by)} sent takes {duration(due - sent)} to come."
            links.append(Link(sent, due, row.subject, event, text))
            return cause, sent
        return cause, due
    if not _runs_at(trace, row.ready_seq):
        return _outside(trace, row.ready_seq, due, links)
    begin = loop_begin(trace, event)
    if row.by or begin is None:
        return None
    begun = trace.rows[begin].t
    who = trace.task_label(row.subject)
    text = f"{duration(due - begun)} after the loop began something outside of it made {who} ready."
    links.append(Link(begun, due, row.subject, event, text))
    return _outside(trace, begin, begun, links)


def _cause_of(trace: Trace, event: int) -> int | None:
    """The run that made another ready; None: outside of any."""
    row = trace.rows[event]
    cause = _run_of(trace, row.by, row.ready_seq)
    if row.by and (cause is None or (cause > event and not row.flags & Flag.EAGER)):
        # What is sent is ready when it comes, long after its sender's run.
        cause = _last_before(_runs(trace).get(row.by, []), min(event, row.ready_seq))
    return cause


def _woken(trace: Trace, event: int) -> str:
    """How a task came to be ready, by the run in which it did; empty where a run before tells."""
    row = trace.rows[event]
    who = trace.task_label(row.subject)
    cause = _cause_of(trace, event)
    if cause is None or row.by == row.subject:  # a task that woke itself went on
        return ""
    if trace.rows[cause].kind is Kind.CALLBACK:
        first = trace.rows[cause]
        if first.by == row.subject:
            return ""  # a job of its own
        # A gather in a gather hears of a task's end through two of its callbacks.
        while cause is not None and trace.rows[cause].kind is Kind.CALLBACK:
            cause = None if trace.rows[cause].subject in trace.timers else _cause_of(trace, cause)
        if cause is not None and trace.rows[cause].how in (How.RETURNED, How.RAISED, How.CANCELLED):
            if _is_of_asyncio(trace, trace.rows[cause].subject):
                return ""
            return f"{trace.task_label(trace.rows[cause].subject)} ends, and {who} goes on."
        # What it sent, or had the loop call.
        return (
            f"{trace.task_label(first.by)} wakes {who}{_at(trace, first.site)}."
            if first.by in trace.tasks
            else ""
        )
    waker = trace.task_label(row.by)
    if row.via == row.by and row.via in trace.tasks:
        return f"{waker} ends; {who} waited for that."
    return f"{waker} wakes {who}{_at(trace, row.site)}."


def _is_of_asyncio(trace: Trace, task: int) -> bool:
    """Whether a task is one that asyncio's servers make for themselves."""
    return OWN.match(trace.tasks[task].coroutine) is not None if task in trace.tasks else False


def _runs_at(trace: Trace, event: int) -> bool:
    """Whether a loop runs at an event."""
    turn = loop_before(trace, event)
    return turn is not None and trace.rows[turn].how is How.BEGIN


def _runs_for(trace: Trace, event: int, until: float) -> str:
    row = trace.rows[event]
    who = _callback(trace, row) if row.kind is Kind.CALLBACK else trace.task_label(row.subject)
    return f"{who} runs for {duration(until - row.t)}{_from(trace, event)}; nobody else has a turn."


def _callback(trace: Trace, row: Row) -> str:
    name = trace.text(row.aux).replace("<locals>.", "")
    if name in ("_run_job", "_job_done"):
        return f"A job that {trace.task_label(row.by)} waits for"
    return f"The callback {name}"


def _cancel(trace: Trace, task: int, begin: int, end: int) -> str:
    """Who asked a task to cancel between two of its steps, in words; empty if nobody did, or it was not told."""
    child = trace.tasks.get(trace.rows[begin].waits)
    last = child.last(end) if child else None
    if last is not None and last > begin and trace.rows[last].how in (How.RETURNED, How.RAISED):
        return ""  # it waited for that one, which was asked in its place
    row = _request(trace, task, begin, end)
    if row is None:
        return ""
    if row.how is How.BY_PARENT:
        return f"{trace.task_label(row.via)}, which waits for it, is cancelled"
    who = CANCELLERS.get(row.how, "") if row.how else ""
    who = who[:1].lower() + who[1:] if who.startswith(("A ", "An ")) else who
    return f"{who or trace.task_label(row.by)} cancels it"


def _request(trace: Trace, task: int, begin: int, end: int) -> Row | None:
    """The request to cancel that a task hears of in a step, ``end``; its step before is ``begin``.

    What it asks of itself it asks in a step, and hears in the next one.
    """
    asked = cancels(trace).get(task, [])
    since = trace.tasks[task].last(begin) if task in trace.tasks else None
    found: Row | None = None
    for place in range(bisect_right(asked, -1 if since is None else since), bisect_left(asked, end)):
        event, row = asked[place], trace.rows[asked[place]]
        during = row.via if row.how is How.BY_STOP else row.by
        if row.how is How.WITHDRAWN:
            found = None if event < begin else found
        elif found is None and (during == task) == (event < begin):
            found = row
    return found


def _waits(trace: Trace, before: int, until: float | None = None) -> str:
    """What a task does after a step, in words: ``waits 1 s for sleep(1), line 5``."""
    row = trace.rows[before]
    site = trace.own_site(row)
    line = f", line {site.line}" if site else ""
    length = f" {duration(until - row.end)}" if until is not None else ""
    return f"waits{length} for {trace.awaited(row)}{line}"


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
        if other.end <= other.t:
            continue
        if other.kind is Kind.STEP and other.subject in trace.tasks:
            found.append(trace.task_label(other.subject))
        elif other.kind is Kind.CALLBACK:
            name = _callback(trace, other)
            found.append(name[:1].lower() + name[1:])
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
