"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from engines import ROOT
from lessons import lesson, run_changed, run_of
from loopscope.protocol import Kind

LESSON = "sleep-and-gather"


def test_it_is_the_program_that_the_page_opens_with() -> None:
    assert lesson(LESSON).program == (ROOT / "web/examples/default.py").read_text(encoding="utf-8")


def test_gather_makes_a_task_of_each_coroutine_in_the_order_given() -> None:
    run = run_of(LESSON)
    assert run.tasks == ["main", "foo", "bar"]
    assert run.waits("main") == ["gather"]


def test_neither_has_run_when_main_begins_to_wait() -> None:
    assert run_of(LESSON).turns()[0] == "main"


def test_sleep_0_arms_no_timer_and_puts_the_task_at_the_end_of_the_queue() -> None:
    run = run_of(LESSON)
    assert run.timers("foo") == run.timers("bar") == []
    assert run.turns() == ["main", "foo", "bar", "foo", "bar", "main"]
    assert run.waker("foo") == run.waker("bar") == "itself"


def test_two_callbacks_of_gather_count_and_the_one_for_bar_wakes_main() -> None:
    run = run_of(LESSON)
    rows = [row for row in run.trace.rows if row.kind is Kind.CALLBACK]
    counts = [run.doer(row.by) for row in rows if "_done_callback" in run.trace.text(row.aux)]
    assert counts[:2] == ["foo", "bar"]
    assert run.waker("main") == "bar"


def test_two_steps_each_and_the_clock_does_not_move() -> None:
    run = run_of(LESSON)
    assert [len(run.steps_of(task)) for task in run.tasks] == [2, 2, 2]
    assert {step.end for step in run.steps} == {0}
    assert run.length == 0


def test_changed_the_order_of_the_tasks_is_the_order_of_the_list() -> None:
    run = run_changed(LESSON)
    assert run.turns() == ["main", "bar", "foo", "bar", "foo", "main"]
    assert run.printed[0] == "Explicit context to bar"
    assert run.waker("main") == "foo"


def test_changed_one_by_one_there_are_no_tasks_and_nobody_else_is_ready() -> None:
    run = run_changed(LESSON, 1)
    assert run.tasks == ["main"]
    assert run.turns() == ["main", "main", "main"]
    assert [line.split()[-1] for line in run.printed] == ["foo", "again", "bar", "bar"]
