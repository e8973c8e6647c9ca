"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import Timer, run_changed, run_of

LESSON = "timeouts"


def test_left_in_time_the_timer_is_cancelled() -> None:
    run = run_of(LESSON)
    assert run.timers("small") == [Timer(50, None), Timer(30, 30)]
    assert run.ends()["small"] == "returned"


def test_when_the_time_is_up_the_timer_cancels_the_task_inside() -> None:
    run = run_of(LESSON)
    assert run.timers("large") == [Timer(50, 50), Timer(200, None)]
    assert run.cancellations() == [("large", "timer")]
    assert run.waker("large") == "timer"


def test_on_the_way_out_finally_runs_and_it_becomes_a_timeout_error() -> None:
    run = run_of(LESSON)
    assert run.order("large: closes", "large: too slow") == ["large: closes", "large: too slow"]
    assert run.at("large: closes") == run.at("large: too slow") == 50
    assert run.ends()["large"] == "returned"  # the failure was an ordinary one, and handled


def test_changed_a_timeout_cannot_interrupt_code_that_runs() -> None:
    run = run_changed(LESSON)
    assert run.at("large: done") == run.length == 230
    assert run.cancellations() == []
    assert run.timers("large") == [Timer(80, None)]
