"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import run_changed, run_of

LESSON = "await"


def test_awaiting_a_coroutine_does_not_go_through_the_loop() -> None:
    run = run_of(LESSON)
    first = run.steps_of("main")[0]
    for line in ("await a coroutine", "double 1", "await a task"):
        assert run.step_that_printed(line) == first
    assert run.tasks == ["main", "bystander", "double"]  # double(1) is no task


def test_bystander_is_ready_from_the_start_and_runs_as_soon_as_main_lets_go() -> None:
    run = run_of(LESSON)
    assert run.steps_of("bystander")[0].row.ready_seq < run.line("await a coroutine").event
    assert run.next_after("double 1") == "bystander"


def test_to_await_a_task_main_must_pause_behind_whoever_is_ready() -> None:
    run = run_of(LESSON)
    assert run.waits("main") == ["task double"]
    assert run.turns() == ["main", "bystander", "double", "main"]
    assert run.waker("main") == "double"


def test_awaiting_a_task_that_is_done_is_no_pause() -> None:
    run = run_of(LESSON)
    assert len(run.steps_of("main")) == 2
    assert run.how(run.step_that_printed("main again")) == "returned"


def test_changed_sleep_0_gives_way_and_bystander_runs_before_a_task_is_awaited() -> None:
    run = run_changed(LESSON)
    assert run.waits("main")[0] == "sleep(0)"
    assert run.order("bystander", "await a task") == ["bystander", "await a task"]
