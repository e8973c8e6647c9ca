"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import run_changed, run_of
from loopscope.protocol import Flag

LESSON = "eager-tasks"


def test_it_begins_inside_create_task() -> None:
    run = run_of(LESSON)
    for task in ("logo", "icon"):
        first = run.steps_of(task)[0]
        assert first.row.flags & Flag.EAGER
        assert first.event < run.steps_of("main")[0].event
    assert (
        run.order("logo: begins", "icon: begins", "main: created two tasks")[-1] == "main: created two tasks"
    )


def test_logo_is_done_before_create_task_returns_and_the_loop_never_hears_of_it() -> None:
    run = run_of(LESSON)
    assert [run.how(step) for step in run.steps_of("logo")] == ["returned"]
    assert "logo" not in run.turns()


def test_icon_pauses_main_goes_on_and_from_then_on_it_is_a_task_like_any_other() -> None:
    run = run_of(LESSON)
    assert run.waits("icon") == ["sleep(0.02)"]
    assert run.turns() == ["main", "icon", "main"]
    assert run.waker("icon") == "timer"


def test_main_waits_only_for_icon() -> None:
    run = run_of(LESSON)
    assert run.waits("main") == ["task icon"]
    assert run.waker("main") == "icon"


def test_changed_usual_tasks_begin_later_and_main_takes_three_steps() -> None:
    run = run_changed(LESSON)
    assert run.printed[0] == "main: created two tasks"
    assert run.waits("main") == ["task logo", "task icon"]
    assert len(run.steps_of("main")) == 3
