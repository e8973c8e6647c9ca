"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import lesson, record, run_changed, run_of

LESSON = "async-with"


def test_two_connections_are_opened_in_the_time_of_one() -> None:
    run = run_of(LESSON)
    assert run.at("good: open") == run.at("bad: open") == 20


def test_entry_and_exit_run_within_the_task_that_uses_them() -> None:
    run = run_of(LESSON)
    assert run.tasks == ["main", "good", "bad"]
    for task in ("good", "bad"):
        assert run.waits(task) == ["sleep(0.02)", "sleep(0.01)"]


def test_first_the_connection_is_closed_then_the_exception_goes_on() -> None:
    run = run_of(LESSON)
    assert run.order("bad: closed", "bad: failed") == ["bad: closed", "bad: failed"]
    assert run.step_that_printed("bad: closed") == run.step_that_printed("bad: failed")
    assert run.took("bad: open", "bad: failed") == 10


def test_in_good_the_exit_runs_at_the_end_of_the_block() -> None:
    run = run_of(LESSON)
    assert run.took("good: Ada", "good: closed") == 10


def test_it_runs_when_a_cancellation_leaves_the_block() -> None:
    source = lesson(LESSON).program
    source = source.replace("print(f'{name}: {rows[0]}')", "await asyncio.sleep(1)")
    source = source.replace(
        "async with asyncio.TaskGroup()", "async with asyncio.timeout(0.05), asyncio.TaskGroup()"
    )
    run = record(source)
    assert run.at("good: closed") == 60
    assert "TimeoutError" in run.errors


def test_changed_left_early_the_connection_is_closed_all_the_same() -> None:
    run = run_changed(LESSON)
    assert "bad: closed" in run.printed
    assert "bad: failed" not in run.printed
    assert run.took("bad: open", "bad: closed") == 10
