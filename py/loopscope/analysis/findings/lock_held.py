"""A lock held across a slow await, with others waiting for it."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import Final

from loopscope.analysis.holders import Held, held
from loopscope.analysis.trace import Trace, duration
from loopscope.analysis.waits import Wait, line_of, own_tasks, waits_of
from loopscope.protocol import How

from .finding import Finding, names

LONG: Final = 0.05  # seconds that others waited, together


def check(trace: Trace, source: str) -> list[Finding]:
    """For each lock: how long tasks waited for it in all, and what its holders waited for meanwhile."""
    queued: dict[int, list[Wait]] = {}
    others: dict[int, list[Wait]] = {}
    for task in own_tasks(trace):
        for wait in waits_of(trace, task):
            row = trace.rows[wait.before]
            if row.how is How.SUSPENDED and trace.primitives.get(row.aux, ("",))[0] == "Lock":
                queued.setdefault(row.aux, []).append(wait)
            elif row.how is How.SUSPENDED:
                others.setdefault(task.id, []).append(wait)
    found = []
    for lock, waits in queued.items():
        ended = [wait for wait in waits if wait.after is not None]
        total = sum(wait.seconds for wait in ended)
        if total < LONG:
            continue
        slow = _slow([wait for hold in held(trace, lock) for wait in _during(hold, others)], ended)
        if not slow:
            continue
        worst = max(slow, key=lambda wait: wait.seconds)
        row = trace.rows[worst.before]
        line = line_of(trace, row)
        name = trace.primitive_label(lock)
        who = names(list(dict.fromkeys(trace.task_label(wait.task) for wait in ended)))
        found.append(
            Finding(
                "lock-held",
                f"{name} is held across {trace.awaited(row)}",
                f"{trace.task_label(worst.task)} holds {name} while it waits for {trace.awaited(row)}"
                f" ({duration(worst.seconds)}). For {name} {who} waited {duration(total)} in all.",
                "Whatever is awaited with a lock held is done by one task at a time.",
                "Do the slow part before taking the lock or after giving it back; hold it for the shared part only.",
                (line,) if line else (),
                (worst.before,),
            )
        )
    return found


def _during(hold: Held, others: dict[int, list[Wait]]) -> list[Wait]:
    """What a holder waited for while it held the lock."""
    waits = others.get(hold.by, [])
    return waits[bisect_left(waits, hold.begin, key=_before) : bisect_left(waits, hold.end, key=_before)]


def _before(wait: Wait) -> int:
    return wait.before


def _slow(holding: list[Wait], queued: list[Wait]) -> list[Wait]:
    """The waits of holders during which others waited for the lock; none where those lost less than LONG by it.

    ``holding`` is in order of time: there is one holder at a time.
    """
    begins = sorted((wait.begin, place) for place, wait in enumerate(queued) if wait.end > wait.begin)
    latest = list(accumulate((queued[place].end for _, place in begins), max))
    kept: list[float] = []  # seconds that others waited during each
    seconds = 0.0
    at = 0  # how many have begun to wait
    now: list[int] = []  # the places of those that still wait
    found = []
    for wait in holding:
        begun = bisect_left(begins, (wait.end,))
        if wait.end <= wait.begin or not begun or latest[begun - 1] <= wait.begin:
            continue
        found.append(wait)
        # Of everybody who waits the time is added only until it is enough, with room for what is lost in rounding.
        if seconds < 2 * LONG:
            now += [place for _, place in begins[at:begun]]
            at = max(at, begun)
            now = sorted(place for place in now if queued[place].end > wait.begin)
            kept.append(sum(_meanwhile(wait, queued[place]) for place in now))
            seconds += kept[-1]
    return found if sum(kept) >= LONG else []


def _meanwhile(one: Wait, other: Wait) -> float:
    """How long two waits lasted at the same time, seconds."""
    return max(0.0, min(one.end, other.end) - max(one.begin, other.begin))
