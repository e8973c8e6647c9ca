"""The lessons as tests see them: their words taken apart, the runs of their programs, the answers to what they ask."""

from __future__ import annotations

import atexit
import base64
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from conformance.servers import ROOT, Pyodide
from loopscope.analysis.trace import Trace
from loopscope.protocol import Flag, How, Kind, Row

FOLDER = ROOT / "web/lessons"

Values = dict[str, list[str]]


class Change(NamedTuple):
    """Pieces of the program and what comes in their place, and what the lesson says of it."""

    pairs: list[tuple[str, str]]
    words: str


@dataclass(frozen=True)
class Lesson:
    """One lesson. ``intro``, ``look``: Markdown."""

    folder: Path
    head: Values
    intro: str
    questions: list[Values]
    look: str
    changes: list[Change]

    @property
    def slug(self) -> str:
        return self.folder.name.partition("-")[2]

    @cached_property
    def program(self) -> str:
        return (self.folder / "program.py").read_text(encoding="utf-8")

    @property
    def needs(self) -> tuple[int, ...]:
        return tuple(map(int, self.head.get("needs", ["3.11"])[0].split(".")))

    def changed(self, number: int = 0) -> str:
        """The program after a change. Raises ValueError where a piece isn't there exactly once."""
        source = self.program
        for old, new in self.changes[number].pairs:
            if source.count(old) != 1:
                raise ValueError(f"{old!r} occurs {source.count(old)} times")
            source = source.replace(old, new)
        return source


def values(text: str) -> Values:
    """``key: value`` lines. Raises ValueError for any other line."""
    found: Values = {}
    for line in text.strip().splitlines():
        key, colon, value = line.partition(": ")
        if not colon or not key.isidentifier() or not value.strip():
            raise ValueError(f"no 'key: value': {line!r}")
        found.setdefault(key, []).append(value.strip())
    return found


BLOCK = re.compile(r"^```(predict|change)\n(.*?)^```$\n?", re.M | re.S)


def parse(folder: Path) -> Lesson:
    """Read a lesson. Raises ValueError where its form is wrong."""
    text = (folder / "lesson.md").read_text(encoding="utf-8")
    parts = re.fullmatch(r"---\n(.*?)^---\n(.*?)^## Look\n(.*?)^## Change\n(.*)", text, re.S | re.M)
    if not parts:
        raise ValueError(f"{folder.name}: a head, text, ## Look and ## Change, in this order")
    head, intro, look, rest = parts.groups()
    pieces = BLOCK.split(intro)
    if any(piece.strip() for piece in pieces[3::3]) or set(pieces[1::3]) - {"predict"}:
        raise ValueError(f"{folder.name}: only predict blocks stand between the text and ## Look")
    changes = BLOCK.split(rest)
    if changes[0].strip() or set(changes[1::3]) != {"change"}:
        raise ValueError(f"{folder.name}: ## Change holds change blocks, each before its words")
    return Lesson(
        folder,
        values(head),
        pieces[0].strip(),
        [values(block) for block in pieces[2::3]],
        look.strip(),
        [
            Change(_pairs(block), words.strip())
            for block, words in zip(changes[2::3], changes[3::3], strict=True)
        ],
    )


def _pairs(block: str) -> list[tuple[str, str]]:
    found = values(block)
    return list(zip(found["replace"], found["with"], strict=True))


@cache
def lessons() -> list[Lesson]:
    """The course, in order."""
    return [parse(path.parent) for path in sorted(FOLDER.glob("*/lesson.md"))]


def lesson(slug: str) -> Lesson:
    return next(each for each in lessons() if each.slug == slug)


class Printed(NamedTuple):
    """A line on stdout, without the spaces around it. ``event`` has its first character; ``place`` counts from 0."""

    text: str
    event: int
    t: float
    place: int


class Step(NamedTuple):
    """A step of one of the program's tasks."""

    task: str
    event: int
    row: Row

    @property
    def begin(self) -> float:
        return round(self.row.t * 1e3, 6)

    @property
    def end(self) -> float:
        return round(self.row.end * 1e3, 6)

    @property
    def ready(self) -> float:
        return round(self.row.ready * 1e3, 6)


class Timer(NamedTuple):
    """A timer; ``fired`` is None for one that never did. Milliseconds."""

    due: float
    fired: float | None


class Run:
    """What a run did, in the terms in which a lesson speaks of it. Times are milliseconds."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.trace = Trace.read(data)

    # -- what was printed

    @cached_property
    def lines(self) -> list[Printed]:
        found: list[Printed] = []
        text, begin = "", 0
        for event, row in enumerate(self.trace.rows):
            if row.kind is not Kind.OUTPUT or row.how is not How.STDOUT:
                continue
            begin = begin if text else event
            *whole, text = (text + self.trace.text(row.aux)).split("\n")
            for line in whole:
                found.append(Printed(line.strip(), begin, self.trace.rows[begin].t, len(found)))
                begin = event
        if text:
            found.append(Printed(text.strip(), begin, self.trace.rows[begin].t, len(found)))
        return found

    @property
    def errors(self) -> str:
        """What was written to stderr."""
        rows = (r for r in self.trace.rows if r.kind is Kind.OUTPUT and r.how is How.STDERR)
        return "".join(self.trace.text(row.aux) for row in rows)

    @property
    def printed(self) -> list[str]:
        return [line.text for line in self.lines]

    def line(self, text: str) -> Printed:
        """The one line of this text."""
        found = [line for line in self.lines if line.text == text]
        assert len(found) == 1, f"{text!r} is printed {len(found)} times"
        return found[0]

    def at(self, text: str) -> float:
        return round(self.line(text).t * 1e3, 6)

    def order(self, *texts: str) -> list[str]:
        """The lines that are printed, in their order."""
        return [line.text for line in self.lines if line.text in texts]

    # -- what ran

    def name(self, task: int) -> str:
        """A task as the timeline calls it."""
        info = self.trace.tasks[task]
        return info.coroutine if re.fullmatch(r"Task-\d+", info.name) else info.name

    @property
    def tasks(self) -> list[str]:
        """The program's tasks, in the order of their creation."""
        return [self.name(task.id) for task in self.trace.tasks.values() if not task.library]

    @cached_property
    def steps(self) -> list[Step]:
        """All steps of the program's tasks; those that ran inside another one come before it."""
        return [
            Step(self.name(row.subject), event, row)
            for event, row in enumerate(self.trace.rows)
            if row.kind is Kind.STEP and not self.trace.tasks[row.subject].library
        ]

    def steps_of(self, task: str) -> list[Step]:
        found = [step for step in self.steps if step.task == task]
        assert len({step.row.subject for step in found}) == 1, f"{task!r} is no one task"
        return found

    def turns(self) -> list[str]:
        """The tasks in the order in which the loop gave them their steps."""
        return [step.task for step in self.steps if not step.row.flags & Flag.EAGER]

    def step_that_printed(self, text: str) -> Step:
        line = self.line(text)
        by = self.trace.rows[line.event].by
        return next(step for step in self.steps if step.event > line.event and step.row.subject == by)

    def next_after(self, text: str) -> str:
        here = self.step_that_printed(text).event
        return next(step.task for step in self.steps if step.event > here and not step.row.flags & Flag.EAGER)

    # -- who waited for what, and who ended it

    def waits(self, task: str) -> list[str]:
        """What a task awaited at the end of each of its steps but the last."""
        steps = self.steps_of(task)
        return [self.trace.awaited(s.row) for s in steps if s.row.how in (How.SUSPENDED, How.YIELDED)]

    def waker(self, task: str, resume: int = 1) -> str:
        """A task, "timer", "itself" or "program"."""
        row = self.steps_of(task)[resume].row
        by = row.by
        while by in self._callbacks:
            by = self._callbacks[by]
        if by in self.trace.timers:
            return "timer"
        if by == row.subject:
            return "itself"
        return self.name(by) if by in self.trace.tasks else "program"

    @cached_property
    def _callbacks(self) -> dict[int, int]:
        rows = self.trace.rows
        return {r.subject: r.by for r in rows if r.kind is Kind.CALLBACK and r.how is not How.TIMER}

    def timers(self, task: str) -> list[Timer]:
        """The timers that a task armed."""
        rows = self.trace.rows
        fired = {
            r.subject: round(r.t * 1e3, 6) for r in rows if r.kind is Kind.CALLBACK and r.how is How.TIMER
        }
        (owner,) = {step.row.subject for step in self.steps_of(task)}
        armed = (r for r in rows if r.kind is Kind.TIMER and r.by == owner)
        return [Timer(round(r.end * 1e3, 6), fired.get(r.subject)) for r in armed]

    def cancellations(self) -> list[tuple[str, str]]:
        """Who was asked to cancel, by whom."""
        rows = (r for r in self.trace.rows if r.kind is Kind.CANCEL and r.how is not How.WITHDRAWN)
        return [(self.name(r.subject), self.doer(r.by)) for r in rows]

    def doer(self, by: int) -> str:
        if by in self.trace.tasks:
            return self.name(by)
        return "timer" if by in self.trace.timers else "program" if not by else self.doer(self._callbacks[by])

    def ends(self) -> dict[str, str]:
        """How each task's last step ended, in small letters; a failed one with its exception's name."""
        return {s.task: self.how(s) for s in self.steps}

    def how(self, step: Step) -> str:
        if step.row.how is How.RAISED:
            return self.trace.text(step.row.aux)
        return step.row.how.name.lower() if step.row.how else ""

    @property
    def length(self) -> float:
        """From the run's begin to the program's end."""
        return round(next(row.t for row in self.trace.rows if row.kind is Kind.EXIT) * 1e3, 6)

    def took(self, begin: str, end: str) -> float:
        return round(self.at(end) - self.at(begin), 6)

    # -- the answer to a question

    def answer(self, question: Values) -> list[str] | str | float:
        """The lines of ``order``, the option of ``choice``, ``next`` and ``waker``, else a number in its unit.

        Raises AssertionError, ValueError or IndexError where the run has none.
        """
        ask = question["ask"][0]
        if ask == "order":
            return [
                line.text for line in sorted(map(self.line, question["line"]), key=lambda line: line.place)
            ]
        if ask == "choice":
            (option,) = self.order(*question["option"])
            return option
        if ask == "next":
            return self.next_after(question["after"][0])
        if ask == "waker":
            return self.waker(question["task"][0], int(question.get("resume", ["1"])[0]))
        if ask == "steps":
            return len(self.steps_of(question["task"][0]))
        if ask == "duration":
            begin = self.at(question["from"][0]) if "from" in question else 0
            end = self.at(question["to"][0]) if "to" in question else self.length
            return round((end - begin) / {"ms": 1, "s": 1000}[question["unit"][0]], 6)
        raise ValueError(f"nothing is asked like that: {ask}")


@cache
def _pyodide() -> Pyodide:
    server = Pyodide()
    atexit.register(server.close)
    return server


@cache
def record(source: str) -> Run:
    """A run in the Python of the page, Pyodide's 3.14, under the virtual clock; one interpreter for all."""
    job = f"import base64, loopscope\nresult = base64.b64encode(loopscope.record({source!r})[0]).decode()"
    _pyodide().send(job)
    return Run(base64.b64decode(_pyodide().receive()))


def run_of(slug: str) -> Run:
    """The run of a lesson's program."""
    return record(lesson(slug).program)


def run_changed(slug: str, number: int = 0) -> Run:
    """The run after one of the changes that the lesson proposes."""
    return record(lesson(slug).changed(number))
