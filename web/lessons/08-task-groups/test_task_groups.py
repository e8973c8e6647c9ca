"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import run_changed, run_of

LESSON = "task-groups"


def test_the_group_cancels_those_that_have_not_ended() -> None:
    run = run_of(LESSON)
    assert ("slow", "broken") in run.cancellations()
    assert "fast" not in [who for who, _ in run.cancellations()]
    assert run.ends()["fast"] == "returned"
    assert run.at("fast: finished") == 10


def test_slow_is_asleep_and_gets_its_cancellation_at_20_ms() -> None:
    run = run_of(LESSON)
    assert run.waits("slow") == ["sleep(0.05)"]
    assert run.waker("slow") == "broken"
    assert run.at("slow: cancelled") == 20
    assert run.ends()["slow"] == "cancelled"


def test_it_waits_until_they_have_ended_and_only_then_raises() -> None:
    run = run_of(LESSON)
    assert run.line("main: the group failed").event > run.steps_of("slow")[-1].event
    assert run.waker("main", len(run.steps_of("main")) - 1) == "slow"


def test_broken_raises_slow_is_cancelled_main_goes_on_all_at_20_ms() -> None:
    run = run_of(LESSON)
    assert run.ends()["broken"] == "ValueError"
    lines = run.order("broken: fails", "slow: cancelled", "main: the group failed")
    assert lines == ["broken: fails", "slow: cancelled", "main: the group failed"]
    assert {run.at(line) for line in lines} == {20}
    assert run.length == 20


def test_changed_nobody_is_cancelled_and_main_goes_on_at_50_ms() -> None:
    run = run_changed(LESSON)
    assert run.cancellations() == []
    assert run.at("main: all went well") == run.at("slow: finished") == 50
