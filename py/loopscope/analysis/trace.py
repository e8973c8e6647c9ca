"""A decoded trace: its events and the tables they refer to, with the names of things."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from loopscope.protocol import Flag, How, Kind, Row, unpack_frames

T = TypeVar("T")


@dataclass(frozen=True)
class Site:
    """A place in the program. Lines from 1; columns in characters from 0, -1 unknown."""

    code: int
    line: int
    end_line: int
    column: int
    end_column: int


@dataclass
class TaskInfo:
    """A task of the run. ``created`` and ``steps`` are event indexes."""

    id: int
    name: str
    coroutine: str
    parent: int
    created: int
    library: bool
    steps: list[int] = field(default_factory=list)

    @property
    def given(self) -> str:
        """The number that asyncio gave it: ``3`` of ``Task-3``; empty if the program chose its name."""
        number = self.name.removeprefix("Task-")
        return number if number != self.name and number.isdecimal() else ""

    def last(self, event: int) -> int | None:
        """Its last step before an event; None where it had none."""
        place = bisect_left(self.steps, event)
        return self.steps[place - 1] if place else None


class Trace:
    """All events of a run. ``rows[i]`` is event i. Nothing of it changes once it is read."""

    def __init__(self, frames: Iterable[tuple[dict[str, Any], list[Row]]]) -> None:
        self.rows: list[Row] = []
        self.strings: dict[int, str] = {}
        self.codes: dict[int, tuple[str, str, int, bool]] = {}  # name, file, first line, the program's own
        self.sites: dict[int, Site] = {}
        self.chains: dict[int, tuple[list[int], str, str]] = {}  # sites, wait kind, label
        self.tasks: dict[int, TaskInfo] = {}
        self.objects: dict[int, str] = {}
        self.primitives: dict[int, tuple[str, str, int]] = {}  # type, name, site where it was made
        self.bounds: dict[int, int] = {}  # a queue's maxsize, a barrier's parties, a semaphore's first value
        self.timers: dict[int, int] = {}  # timer id → event that armed it
        self.timer_of_future: dict[int, int] = {}  # future id → event that armed the timer that resolves it
        self.lost = 0
        self.problem = ""  # why the tracer switched itself off
        self.made: dict[Callable[[Trace], Any], Any] = {}  # see once()
        for meta, rows in frames:
            self._add(meta, rows)

    @classmethod
    def read(cls, data: bytes) -> Trace:
        """From frames, as the tracer sends them. Raises ValueError for data that is no trace."""
        return cls(unpack_frames(data))

    def _add(self, meta: dict[str, Any], rows: list[Row]) -> None:
        for number, text in meta.get("strings", ()):
            self.strings[number] = self.strings.get(number, "") + text if number < 0 else text
        for number, name, file, line, own in meta.get("codes", ()):
            self.codes[number] = name, file, line, bool(own)
        for number, *place in meta.get("sites", ()):
            self.sites[number] = Site(*place)
        for number, sites, kind, label in meta.get("chains", ()):
            self.chains[number] = sites, kind, label
        for number, *about in meta.get("objects", ()):
            self.primitives[number] = about[0], about[1], about[2]
            self.bounds[number] = about[3] if len(about) > 3 else 0
        self.lost = meta.get("lost", self.lost)
        self.problem = meta.get("problem", self.problem)
        for row in rows:
            self._index(len(self.rows), row)
            self.rows.append(row)

    def _index(self, event: int, row: Row) -> None:
        if row.kind is Kind.STEP and row.subject in self.tasks:
            self.tasks[row.subject].steps.append(event)
        elif row.kind is Kind.TASK:
            sites = self.chains.get(row.chain, ([], "", ""))[0]
            coroutine = self.codes[self.sites[sites[0]].code][0].rpartition("<locals>.")[2] if sites else ""
            library = bool(row.flags & Flag.LIBRARY)
            self.tasks[row.subject] = TaskInfo(
                row.subject, self.text(row.aux), coroutine, row.by, event, library
            )
        elif row.kind is Kind.TIMER:
            self.timers[row.subject] = event
            if row.via:
                self.timer_of_future[row.via] = event
        elif row.kind is Kind.OBJECT:
            self.objects[row.subject] = self.text(row.aux)

    def text(self, number: int) -> str:
        return self.strings.get(number, "")

    def line(self, site: int) -> int | None:
        """The program's line of a site id; None where it is unknown."""
        place = self.sites.get(site)
        return place.line if place else None

    def own_site(self, row: Row) -> Site | None:
        """The innermost line of the program itself in a step's await chain."""
        for number in reversed(self.chains.get(row.chain, ([], "", ""))[0]):
            site = self.sites[number]
            if self.codes[site.code][3]:
                return site
        return None

    def task_label(self, subject: int) -> str:
        """The one name of a task, as the page has it: what the program called it, else its coroutine.

        Twins are told apart: ``fetch 3`` is Task-3, ``Ada (work)`` one of several tasks called Ada.
        """
        task = self.tasks.get(subject)
        if task is None:
            return "a timer" if subject in self.timers else "a callback" if subject else "the program"
        called, chosen = _names(self)
        if not (given := task.given):
            twins = chosen[task.name] > 1 and task.coroutine
            return f"{task.name} ({task.coroutine})" if twins else task.name
        if task.coroutine and called[task.coroutine] == 1:
            return task.coroutine
        return f"{task.coroutine or 'task'} {given}"

    def primitive_label(self, number: int) -> str:
        """A lock's, event's, queue's name: the program's, else its type and where it was made."""
        kind, name, site = self.primitives[number]
        line = self.line(site)
        return name or (f"the {kind} made at line {line}" if line else f"a {kind}")

    def awaited(self, row: Row) -> str:
        """What a step that suspended or yielded awaits: ``sleep(0.05)``, ``Queue.get``, ``task foo``."""
        label = self.chains.get(row.chain, ([], "", ""))[2]
        if row.how is How.YIELDED:
            return "sleep(0)" if label == "sleep" else "its next turn"
        if label.startswith("sleep") and row.waits in self.timer_of_future:
            timer = self.rows[self.timer_of_future[row.waits]]
            return f"sleep({number(timer.end - timer.t)}){label[5:]}"
        if label and row.aux in self.primitives and "." in label:
            method, _, outer = label.partition(".")[2].partition(" in ")
            inside = f" in {outer}" if outer else ""
            named = self.primitive_label(row.aux)
            if not self.primitives[row.aux][1]:
                return f"{named} ({label})"
            return f"{named}.{method}{inside}"
        if label:
            return f"asyncio.{label}" if label in ("wait", "wait_for") else label
        if row.waits in self.tasks:
            return f"task {self.task_label(row.waits)}"
        return self.objects.get(row.waits, "a future")


def once(make: Callable[[Trace], T]) -> Callable[[Trace], T]:
    """A function of a trace that is computed once and kept with the trace: who gets the result must not change it.

    What is looked up for each wait or task is found in such an index. Searched for among all events every time, it
    would take the square of a run's length.
    """

    @wraps(make)
    def kept(trace: Trace) -> T:
        if make not in trace.made:
            trace.made[make] = make(trace)
        result: T = trace.made[make]
        return result

    return kept


@once
def events(trace: Trace) -> dict[Kind, list[int]]:
    """The events of each kind, in order."""
    found: dict[Kind, list[int]] = {kind: [] for kind in Kind}
    for event, row in enumerate(trace.rows):
        found[row.kind].append(event)
    return found


@once
def cancels(trace: Trace) -> dict[int, list[int]]:
    """Task → the events at which somebody asked it to cancel, or took that back."""
    found: dict[int, list[int]] = {}
    for event in events(trace)[Kind.CANCEL]:
        found.setdefault(trace.rows[event].subject, []).append(event)
    return found


@once
def _names(trace: Trace) -> tuple[Counter[str], Counter[str]]:
    """How many tasks are called so, and how many of them by the program."""
    tasks = trace.tasks.values()
    chosen = Counter(task.name for task in tasks if not task.given)
    return chosen + Counter(task.coroutine for task in tasks if task.given), chosen


def number(value: float) -> str:
    """Four significant digits at most, without trailing zeros."""
    return f"{float(f'{value:.4g}'):.15g}"


def duration(seconds: float) -> str:
    """A time in a unit that reads well: ``0 s``, ``12.5 µs``, ``50 ms``."""
    size = abs(float(f"{seconds:.4g}"))  # 0.99999999 s is a second, not 1000 ms
    if size == 0:
        return "0 s"
    if size < 1e-3:
        return f"{number(seconds * 1e6)} µs"
    if size < 1:
        return f"{number(seconds * 1e3)} ms"
    return f"{number(seconds)} s"
