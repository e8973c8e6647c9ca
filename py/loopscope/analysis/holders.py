"""Who holds a lock or has a place of a semaphore, at any event."""

from __future__ import annotations

from dataclasses import dataclass, field

from loopscope.protocol import How, Kind

from .trace import Trace


@dataclass(frozen=True)
class Held:
    """A lock or a place of a semaphore was held ``by`` a task from event ``begin`` to event ``end``."""

    by: int
    begin: int
    end: int


@dataclass
class _Places:
    value: int = 0
    open: list[tuple[int, int]] = field(default_factory=list)  # (holder, since event)
    waiting: list[int] = field(default_factory=list)  # tasks that wait for a place, first come first


def held(trace: Trace, primitive: int) -> list[Held]:
    """Who held a lock or semaphore when, in the order of the ends; what is held to the end, last.

    A semaphore's release hands the place to the first who waits, before that one runs. Somebody who gives back what
    others took makes nobody's hold certain: then all that are open end there.
    """
    lock = trace.primitives.get(primitive, ("",))[0] == "Lock"
    state = _Places()
    done: list[Held] = []
    for event, row in enumerate(trace.rows):
        if row.kind is Kind.STEP:
            if row.subject in state.waiting:
                state.waiting.remove(row.subject)
            if row.how is How.SUSPENDED and row.aux == primitive:
                state.waiting.append(row.subject)
        elif row.kind is Kind.CANCEL and row.subject in state.waiting:
            state.waiting.remove(row.subject)
        elif row.kind is Kind.STATE and row.subject == primitive:
            before, state.value = state.value, row.aux
            took = row.aux > before if lock else row.aux < before
            if took:
                # A lock is taken by whoever runs; a semaphore's place goes to the first in line.
                heir = row.by if lock or not state.waiting else state.waiting.pop(0)
                state.open.append((heir, event))
            elif row.aux != before:
                done += _give_back(state, row.by, event)
    return done + [Held(by, begin, len(trace.rows)) for by, begin in state.open]


def _give_back(state: _Places, by: int, event: int) -> list[Held]:
    mine = [place for place in state.open if place[0] == by]
    ended = mine[:1] or state.open
    state.open = [place for place in state.open if place not in ended]
    return [Held(holder, begin, event) for holder, begin in ended]


def holders(trace: Trace, primitive: int, event: int) -> list[int]:
    """Ids of the tasks that hold it just before an event."""
    found = [each.by for each in held(trace, primitive) if each.begin < event <= each.end]
    return list(dict.fromkeys(found))
