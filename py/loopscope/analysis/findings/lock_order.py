"""Locks taken in opposite order: tasks waited for each other in a circle, until somebody broke it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from loopscope.analysis.endings import deadlocks
from loopscope.analysis.holders import holder
from loopscope.analysis.trace import Trace, cancels, duration
from loopscope.analysis.waits import Wait, line_of, own_tasks, waits_of
from loopscope.protocol import How

from .finding import Finding, names


@dataclass(frozen=True)
class _Waiting:
    """A task that holds a lock waited for another one."""

    lock: int
    wait: Wait


def check(trace: Trace, source: str) -> list[Finding]:
    """Circles that were broken, by a timeout or who cancelled; what never was is a deadlock, and told as that."""
    found: dict[frozenset[int], Finding] = {}
    waits = _lock_waits(trace)
    chains = _Chains(trace, waits)
    in_order = sorted((each for mine in waits.values() for each in mine), key=_before)
    closing = {each.wait.before for each in in_order if chains.end(each) == each.wait.task}
    stuck = deadlocks(trace)
    for last in (each for mine in waits.values() for each in mine if each.wait.before in closing):
        circle = chains.circle(last)
        locks = frozenset(each.lock for each in circle)
        broken = min((each.wait.after for each in circle if each.wait.after is not None), default=None)
        if broken is None or locks in found:
            continue
        place = bisect_right(stuck, last.wait.before)
        if place == len(stuck) or stuck[place] >= broken:
            found[locks] = _told(trace, circle, broken)
    return list(found.values())


def _before(each: _Waiting) -> int:
    return each.wait.before


def _lock_waits(trace: Trace) -> dict[int, list[_Waiting]]:
    """Task → its waits for locks, in order."""
    found: dict[int, list[_Waiting]] = {}
    for task in own_tasks(trace):
        for wait in waits_of(trace, task):
            row = trace.rows[wait.before]
            if row.how is How.SUSPENDED and trace.primitives.get(row.aux, ("",))[0] == "Lock":
                found.setdefault(task.id, []).append(_Waiting(row.aux, wait))
    return found


class _Chains:
    """Who waits for whom in the end, at any event:

        a ──▶ b ──▶ c ──▶ d        a waits for a lock that b holds, who waits for one that c holds, …
        ╰─────────────────╯        and in the end for d, until the first of these waits or holds is over

    That end is kept for all of the chain: those who come to stand behind it need not walk it again.
    """

    def __init__(self, trace: Trace, waits: dict[int, list[_Waiting]]) -> None:
        self._trace = trace
        self._waits = waits
        self._ends: dict[
            int, tuple[int, int]
        ] = {}  # task → whom it waits for in the end, and before which event

    def end(self, last: _Waiting) -> int:
        """For whom ``last`` waits in the end when it begins; 0 where no task is. To be asked in the order of events."""
        event = last.wait.before
        path: dict[int, int] = {}  # task → the event at which that for which it waits may change
        until = len(self._trace.rows)
        task, _ = self._holder(last.lock, event)
        while task not in path:
            following = self._following(task, event)
            if following is None:
                break
            path[task] = following[1]
            task = following[0]
        else:  # others wait for each other in a circle
            task, until = 0, min(path.values())
        for each in reversed(path):
            until = min(until, path[each])
            self._ends[each] = task, until
        return task

    def _following(self, task: int, event: int) -> tuple[int, int] | None:
        """For whom a task waits, as far along its chain as is known, and before which event; None: it does not wait."""
        known = self._ends.get(task)
        if known and event < known[1]:
            return known
        wait = self._wait(task, event)
        if wait is None:
            return None
        holder, until = self._holder(wait.lock, event)
        return holder, min(until, wait.wait.after or until)

    def circle(self, last: _Waiting) -> list[_Waiting]:
        """The waits that ``last`` closed to a circle when it began."""
        event, circle = last.wait.before, [last]
        while (task := self._holder(circle[-1].lock, event)[0]) != last.wait.task:
            wait = self._wait(task, event)
            assert wait is not None
            circle.append(wait)
        return circle

    def _holder(self, lock: int, event: int) -> tuple[int, int]:
        """Who holds a lock, and until which event; 0: nobody, for now."""
        hold = holder(self._trace, lock, event)
        return (hold.by, hold.end) if hold else (0, event)

    def _wait(self, task: int, event: int) -> _Waiting | None:
        """The wait for a lock that a task is in."""
        waits = self._waits.get(task, [])
        place = bisect_left(waits, event, key=_before)
        found = waits[place - 1] if place else None
        return found if found and event < (found.wait.after or event + 1) else None


def _told(trace: Trace, circle: list[_Waiting], end: int) -> Finding:
    last = circle[0].wait
    locks = [trace.primitive_label(each.lock) for each in circle]
    who = [trace.task_label(each.wait.task) for each in circle]
    lines = [line for each in circle if (line := line_of(trace, trace.rows[each.wait.before]))]
    each_told = [
        f"{name} holds {locks[k - 1]} and waits for {locks[k]}"
        + (f" at line {line}" if (line := line_of(trace, trace.rows[circle[k].wait.before])) else "")
        for k, name in enumerate(who)
    ]
    asked = [_cancelled(trace, each.wait.task, last.before, end) for each in circle]
    first = min((event for event in asked if event is not None), default=None)
    until = (
        f", until {trace.task_label(trace.rows[first].subject)} was cancelled" if first is not None else ""
    )
    lasted = trace.rows[end].ready - last.begin
    order, none = ("opposite order", "neither") if len(circle) == 2 else ("a circle", "none of them")
    return Finding(
        "lock-order",
        f"{names(sorted(locks))} are taken in {order}",
        f"{'; '.join(each_told)}: {none} could go on for {duration(lasted)}{until}.",
        "Without a timeout, or somebody who cancels, that is a deadlock; chance decides which run gets there.",
        "Take the locks in the same order everywhere, or hold one at a time.",
        tuple(dict.fromkeys(lines)),
        (last.before, *(each.wait.before for each in circle[1:])),
    )


def _cancelled(trace: Trace, task: int, begin: int, end: int) -> int | None:
    """The first event of a stretch, its end included, at which somebody asked a task to cancel."""
    asked = cancels(trace).get(task, [])
    within = asked[bisect_left(asked, begin) : bisect_right(asked, end)]
    return next((event for event in within if trace.rows[event].how is not How.WITHDRAWN), None)
