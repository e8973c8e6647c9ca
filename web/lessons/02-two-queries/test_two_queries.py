"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import lesson, run_changed, run_of
from loopscope.analysis.findings import findings

LESSON = "two-queries"


def test_the_second_query_is_not_asked_before_the_first_is_answered() -> None:
    run = run_of(LESSON)
    assert run.step_that_printed("users answered") == run.steps_of("main")[1]
    assert [timer.due for timer in run.timers("main")] == [50, 100]


def test_in_turn_the_two_waits_add_up() -> None:
    run = run_of(LESSON)
    assert run.waits("main")[:2] == ["sleep(0.05)", "sleep(0.05)"]
    assert run.took("in turn:", "at once:") == 100


def test_create_task_only_puts_it_in_the_queue_both_are_asked_when_main_waits() -> None:
    run = run_of(LESSON)
    assert run.turns() == ["main", "main", "main", "bills", "items", "bills", "items", "main"]
    assert run.next_after("at once:") == "bills"
    assert run.waits("main")[2] == "task bills"


def test_at_once_the_two_waits_overlap() -> None:
    run = run_of(LESSON)
    for task in ("bills", "items"):
        first, last = run.steps_of(task)
        assert (first.end, last.begin, run.waker(task)) == (100, 150, "timer")
    assert run.took("at once:", "done") == 50


def test_changed_all_three_are_asked_in_the_same_moment_and_it_still_takes_50_ms() -> None:
    run = run_changed(LESSON)
    assert run.took("at once:", "done") == 50
    assert [run.timers(task)[-1].due for task in ("main", "bills", "items")] == [150, 150, 150]
    assert "more answered" in run.printed


def test_a_finding_suggests_the_same_for_the_first_half() -> None:
    (found,) = findings(run_of(LESSON).trace, lesson(LESSON).program)
    lines = [lesson(LESSON).program.splitlines()[line - 1].strip() for line in found.lines]
    assert lines == ["print(await query('users'))", "print(await query('orders'))"]
    assert "100 ms" in found.title
    assert "50 ms" in found.title
