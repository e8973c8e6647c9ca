"""Programs that were written to show something else: which of them have findings, and which, and that none is false.

Each finding that stands here was compared with what its program does.
"""

from __future__ import annotations

from functools import cache

import pytest
from conformance import ordering
from conformance.drawn import drawn
from engines import ROOT
from lessons import lessons, record
from loopscope.protocol import How, Kind, unpack_frames

DOCUMENTED = ROOT / "tests/conformance/documented"
RANDOM = 100
SEED = 4

FOUND = {
    "ordering": {
        # A timeout ends as_completed, and nobody waits for the slow one any longer.
        "as_completed_async": ["pending"],
        "as_completed_plain": ["pending"],
        "debug_tracebacks": ["never-awaited"],
        # A task's and a future's.
        "exception_handlers": ["never-retrieved", "never-retrieved"],
        "leftovers": ["swallowed", "pending"],
        "lock_fairness": ["lock-held"],
        "never_awaited": ["never-awaited"],
        # A coroutine is given to a runner that is closed; a leftover task ends as if nobody had cancelled it.
        "run_and_runner": ["never-awaited", "swallowed", "pending"],
        # Who was cancelled waits on for what it shielded, and returns its result.
        "shield": ["swallowed"],
        "staggered_work": ["lock-held"],
        # One that asyncio was made to forget, and one whose loop was closed.
        "task_destroyed": ["destroyed-pending", "destroyed-pending"],
        "timeouts": ["in-turn"],
        # wait hands tasks back, and nobody looks at those that failed.
        "wait_conditions": ["never-retrieved", "never-retrieved"],
        # One refuses its time limit; another catches what its parent asks of it.
        "wait_for_races": ["in-turn", "swallowed", "swallowed"],
    },
    "documented": {
        "coroutine_sequence": ["in-turn"],
        "never_retrieved": ["never-awaited", "never-retrieved"],
    },
    "lessons": {
        "blocking-calls": ["blocked"],
        "cancellation, change 1": ["swallowed"],
        "deadlock": ["lock-order"],
        "deadlock, change 2": ["deadlock"],
        "exceptions, change 1": ["never-retrieved"],
        "tasks": ["pending"],
        "two-queries": ["in-turn"],
        "two-queries, change 1": ["in-turn"],
    },
}


def found(source: str) -> list[str]:
    """The kinds of the findings that the page's own Python sends."""
    metas = [meta for meta, _ in unpack_frames(record(source).data)]
    return [finding["kind"] for finding in metas[-1]["findings"]]


@pytest.mark.parametrize("name", ordering.names())
def test_of_a_program_about_order(name: str) -> None:
    assert found(ordering.source(name)) == FOUND["ordering"].get(name, [])


@pytest.mark.parametrize("name", sorted(path.stem for path in DOCUMENTED.glob("*.py")))
def test_of_an_example_of_asyncios_documentation(name: str) -> None:
    source = (DOCUMENTED / f"{name}.py").read_text(encoding="utf-8")
    assert found(source) == FOUND["documented"].get(name, [])


LESSONS = {
    f"{lesson.slug}, change {k}" if k else lesson.slug: lesson.changed(k - 1) if k else lesson.program
    for lesson in lessons()
    for k in range(len(lesson.changes) + 1)
}


@pytest.mark.parametrize("name", LESSONS)
def test_of_a_lesson_and_what_it_proposes(name: str) -> None:
    assert found(LESSONS[name]) == FOUND["lessons"].get(name, [])


@cache
def random_programs() -> list[str]:
    return drawn(RANDOM, SEED, (3, 14))


def test_of_random_programs_agree_with_what_python_itself_says_of_them() -> None:
    seen: set[str] = set()
    for source in random_programs():
        kinds = set(found(source))
        run = record(source)
        told = run.errors + "".join(run.printed)
        rows = run.trace.rows
        # A cancellation that is swallowed and a task that is cut off are nowhere said, and possible in any of them.
        expected = kinds & {"swallowed", "pending"}
        if "NothingWillHappen" in run.errors:
            expected.add("deadlock")
            assert not kinds & {"destroyed-pending", "pending"}, source
        else:
            expected |= {"destroyed-pending"} if "Task was destroyed but it is pending" in told else set()
        # What was never retrieved before a deadlock counts; what is thrown away by its end does not.
        if "exception was never retrieved" in told and (
            "deadlock" not in expected or "never-retrieved" in kinds
        ):
            expected.add("never-retrieved")
        assert kinds == expected, source
        if "pending" in kinds:
            assert any(row.kind is Kind.CANCEL and row.how is How.BY_RUN for row in rows), source
        seen |= kinds
    assert seen >= {"deadlock", "never-retrieved", "destroyed-pending", "swallowed", "pending"}
