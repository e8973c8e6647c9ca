"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import run_changed, run_of
from loopscope.protocol import How, Kind

LESSON = "exceptions"


def test_when_fails_raises_nothing_happens_to_the_others() -> None:
    run = run_of(LESSON)
    assert run.ends()["fails"] == "ValueError"
    assert run.steps_of("fails")[-1].end == 10
    assert run.waits("main")[0] == "sleep(0.03)"
    assert run.waits("works") == ["sleep(0.05)"]
    assert run.at("main: all is quiet") == 30
    assert run.at("works: done") == 50


def test_the_exception_is_raised_where_main_awaits_the_task_without_a_pause() -> None:
    run = run_of(LESSON)
    assert run.step_that_printed("main: all is quiet") == run.step_that_printed("main: no such user")
    assert run.took("fails: now", "main: no such user") == 20
    assert run.waits("main")[1] == "task works"


def test_awaited_by_somebody_it_is_not_reported() -> None:
    assert run_of(LESSON).errors == ""


def test_changed_the_program_ends_well_and_the_report_comes_when_main_ends() -> None:
    run = run_changed(LESSON)
    assert "Task exception was never retrieved" in run.errors
    assert "ValueError: no such user" in run.errors
    report = next(
        i for i, row in enumerate(run.trace.rows) if row.kind is Kind.OUTPUT and row.how is How.STDERR
    )
    last = run.steps[-1]
    assert run.line("works: done").event < report < last.event
    assert (last.task, run.how(last)) == ("main", "returned")
    assert run.length == 50
    assert next(row.aux for row in run.trace.rows if row.kind is Kind.EXIT) == 0
