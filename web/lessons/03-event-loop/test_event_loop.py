"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import run_changed, run_of
from loopscope.protocol import Kind

LESSON = "event-loop"


def test_it_never_interrupts_a_step_ends_where_its_task_awaits_or_ends() -> None:
    run = run_of(LESSON)
    hows = {run.how(step) for step in run.steps}
    assert hows == {"suspended", "returned"}


def test_tea_waits_for_a_timer_of_30_ms_toast_for_one_of_20() -> None:
    run = run_of(LESSON)
    assert [timer.due for timer in run.timers("tea")] == [30]
    assert [timer.due for timer in run.timers("toast")] == [20]


def test_when_a_timer_is_due_the_task_is_ready() -> None:
    run = run_of(LESSON)
    for task, due in (("tea", 30), ("toast", 20)):
        step = run.steps_of(task)[1]
        assert (step.ready, step.begin, run.waker(task)) == (due, due, "timer")


def test_when_nothing_is_ready_the_loop_waits_until_the_next_timer_is_due() -> None:
    run = run_of(LESSON)
    idle = [(row.t, row.end) for row in run.trace.rows if row.kind is Kind.IDLE]
    assert idle == [(0.0, 0.02), (0.02, 0.03)]


def test_tasks_do_not_go_on_in_the_order_in_which_they_began() -> None:
    assert run_of(LESSON).turns() == ["main", "tea", "toast", "toast", "tea", "main"]


def test_the_last_of_both_to_end_wakes_main() -> None:
    run = run_of(LESSON)
    assert run.waits("main") == ["gather"]
    assert run.waker("main") == "tea"


def test_changed_tea_is_poured_first_and_toast_wakes_main_at_20_ms() -> None:
    run = run_changed(LESSON)
    assert run.at("tea: poured") < run.at("toast: buttered")
    assert run.waker("main") == "toast"
    assert run.steps_of("main")[1].begin == run.length == 20
