"""Who holds a lock or has a place of a semaphore, at any event."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Final

from loopscope.protocol import How, Kind

from .trace import Trace, once

# What a task can hold. Events, barriers and queues have a state as well, but nobody's.
HOLDABLE: Final = ("Lock", "Semaphore", "BoundedSemaphore")


@dataclass(frozen=True)
class Held:
    """A lock or a place of a semaphore was held ``by`` a task from event ``begin`` to event ``end``."""

    by: int
    begin: int
    end: int


@dataclass
class _Places:
    """The state of one lock or semaphore."""

    value: int = 0
    open: dict[int, int] = field(default_factory=dict)  # since event → holder
    of: dict[int, deque[int]] = field(default_factory=dict)  # holder → since which events, oldest first
    # Tasks that wait for a place, first come first; an OrderedDict gives its first one at once, however many went.
    waiting: OrderedDict[int, None] = field(default_factory=OrderedDict)
    done: list[Held] = field(default_factory=list)


def kind_of(trace: Trace, primitive: int) -> str:
    """'Lock', 'Queue', …; '' for what is no primitive."""
    return trace.primitives.get(primitive, ("",))[0]


def held(trace: Trace, primitive: int) -> list[Held]:
    """Who held a lock or semaphore when, in the order of the ends; what is held to the end, last.

    A semaphore's release hands the place to the first who waits, before that one runs. Somebody who gives back what
    others took makes nobody's hold certain: then all that are open end there.
    """
    return _all_held(trace).get(primitive, [])


@once
def _all_held(trace: Trace) -> dict[int, list[Held]]:
    """Who held what: all locks and semaphores together, in one pass over the events."""
    states: dict[int, _Places] = {}
    waits: dict[int, _Places] = {}  # by task: what it waits for
    for event, row in enumerate(trace.rows):
        if row.kind is Kind.STEP:
            state = waits.pop(row.subject, None)
            if state is not None:
                del state.waiting[row.subject]
            if row.how is How.SUSPENDED and kind_of(trace, row.aux) in HOLDABLE:
                state = waits[row.subject] = states.setdefault(row.aux, _Places())
                state.waiting[row.subject] = None
        elif row.kind is Kind.CANCEL:
            state = waits.pop(row.subject, None)
            if state is not None:
                del state.waiting[row.subject]
        elif row.kind is Kind.STATE and (kind := kind_of(trace, row.subject)) in HOLDABLE:
            state = states.setdefault(row.subject, _Places())
            lock = kind == "Lock"
            before, state.value = state.value, row.aux
            took = row.aux > before if lock else row.aux < before
            if took:
                # A lock is taken by whoever runs; a semaphore's place goes to the first in line.
                heir = row.by
                if state.waiting and not lock:
                    heir, _ = state.waiting.popitem(last=False)
                    del waits[heir]
                state.open[event] = heir
                state.of.setdefault(heir, deque()).append(event)
            elif row.aux != before:
                _give_back(state, row.by, event)
    for state in states.values():
        state.done += [Held(by, begin, len(trace.rows)) for begin, by in state.open.items()]
    return {primitive: state.done for primitive, state in states.items()}


def _give_back(state: _Places, by: int, event: int) -> None:
    mine = state.of.get(by)
    if mine:
        begin = mine.popleft()
        del state.open[begin]
        state.done.append(Held(by, begin, event))
    else:
        state.done += [Held(holder, begin, event) for begin, holder in state.open.items()]
        state.open.clear()
        state.of.clear()


def _end(hold: Held) -> int:
    return hold.end


def holder(trace: Trace, lock: int, event: int) -> Held | None:
    """By whom a lock is held at an event; its holds are one after the other."""
    holds = held(trace, lock)
    place = bisect_right(holds, event, key=_end)
    return holds[place] if place < len(holds) and holds[place].begin <= event else None


def holders(trace: Trace, primitive: int, event: int) -> list[int]:
    """Ids of the tasks that hold it just before an event."""
    holds = held(trace, primitive)
    later = holds[bisect_left(holds, event, key=_end) :]
    return list(dict.fromkeys(each.by for each in later if each.begin < event))
