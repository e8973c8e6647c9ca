"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import run_changed, run_of

LESSON = "coroutines"


def test_calling_an_async_def_function_runs_none_of_its_code() -> None:
    run = run_of(LESSON)
    assert run.printed[:2] == ["called", "low: 1"]
    assert run.steps_of("low")[0].event > run.step_that_printed("called").event


def test_two_coroutines_of_one_function_have_each_their_own_variables() -> None:
    run = run_of(LESSON)
    lines = [line for line in run.printed if line != "called"]
    assert lines == ["low: 1", "high: 101", "low: 2", "high: 102", "low: 3", "high: 103"]


def test_it_goes_on_from_where_it_paused() -> None:
    run = run_of(LESSON)
    for task in ("low", "high"):
        places = [run.trace.own_site(step.row) for step in run.steps_of(task)[:3]]
        assert len({(place.line, place.column) for place in places if place}) == 1
        assert run.waits(task) == ["sleep(0.01)"] * 3


def test_the_last_step_goes_from_the_last_await_to_the_end() -> None:
    run = run_of(LESSON)
    hows = [run.how(step) for step in run.steps_of("low")]
    assert hows == ["suspended", "suspended", "suspended", "returned"]


def test_changed_without_an_await_low_counts_to_3_in_a_single_step() -> None:
    run = run_changed(LESSON)
    assert len(run.steps_of("low")) == len(run.steps_of("high")) == 1
    assert run.printed[1:5] == ["low: 1", "low: 2", "low: 3", "high: 101"]
