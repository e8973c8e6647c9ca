"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import lesson, run_changed, run_of
from loopscope.analysis.findings import findings

LESSON = "tasks"


def test_it_begins_once_its_creator_gives_control_back() -> None:
    run = run_of(LESSON)
    assert run.printed[:3] == ["main: created two tasks", "quick: begins", "slow: begins"]
    assert run.steps_of("quick")[0].event > run.steps_of("main")[0].event


def test_a_task_that_is_done_keeps_its_result() -> None:
    run = run_of(LESSON)
    assert run.steps_of("quick")[-1].end == 10
    assert run.at("main: quick gave 42") == 30


def test_main_has_the_result_without_a_pause() -> None:
    run = run_of(LESSON)
    assert run.waits("main") == ["sleep(0.03)"]
    assert run.step_that_printed("main: quick gave 42") == run.step_that_printed("main: ends")


def test_when_main_ends_asyncio_run_cancels_what_is_left_and_lets_it_end() -> None:
    run = run_of(LESSON)
    assert run.cancellations() == [("slow", "program")]
    assert run.line("slow: cancelled").event > run.steps_of("main")[-1].event
    assert run.ends()["slow"] == "cancelled"
    assert run.waker("slow") == "program"
    assert run.length == 30


def test_changed_somebody_waits_for_slow_and_it_ends_at_100_ms() -> None:
    run = run_changed(LESSON)
    assert run.at("slow: ends") == run.length == 100
    assert run.cancellations() == []


def test_a_finding_has_a_word_on_it() -> None:
    found = findings(run_of(LESSON).trace, lesson(LESSON).program)
    assert any("slow" in finding.title for finding in found)
