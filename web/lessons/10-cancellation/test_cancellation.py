"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import Timer, lesson, run_changed, run_of

LESSON = "cancellation"


def test_whoever_called_cancel_goes_on_at_once() -> None:
    run = run_of(LESSON)
    assert run.order("main: cancel was called", "worker: asked to stop")[0] == "main: cancel was called"
    assert run.step_that_printed("main: cancel was called") == run.steps_of("main")[1]
    assert run.waits("main")[1] == "task worker"


def test_the_task_becomes_ready_and_its_await_raises_at_its_turn() -> None:
    run = run_of(LESSON)
    assert run.cancellations() == [("worker", "main")]
    assert run.waker("worker") == "main"
    assert run.next_after("main: cancel was called") == "worker"
    assert run.at("worker: asked to stop") == 10


def test_it_may_await_something_while_it_tidies_up() -> None:
    run = run_of(LESSON)
    assert run.waits("worker") == ["sleep(1)", "sleep(0.02)"]
    assert run.took("worker: asked to stop", "worker: tidied up") == 20


def test_passing_the_exception_on_makes_it_a_cancelled_task() -> None:
    run = run_of(LESSON)
    assert run.ends()["worker"] == "cancelled"
    assert run.printed[-1] == "main: it is cancelled"
    assert run.length == 30


def test_of_its_long_sleep_nothing_is_left() -> None:
    assert run_of(LESSON).timers("worker") == [Timer(1000, None), Timer(30, 30)]


def test_the_step_after_the_sleep_was_caused_at_the_line_of_cancel() -> None:
    run = run_of(LESSON)
    line = run.trace.line(run.steps_of("worker")[1].row.site)
    assert line
    assert lesson(LESSON).program.splitlines()[line - 1].strip() == "task.cancel()"


def test_changed_the_task_returns_like_any_other_and_awaiting_it_raises_nothing() -> None:
    run = run_changed(LESSON)
    assert run.ends()["worker"] == "returned"
    assert run.printed[-1] == "main: it returned"
