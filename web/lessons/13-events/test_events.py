"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import lesson, run_changed, run_of

LESSON = "events"


def test_set_wakes_all_who_wait() -> None:
    run = run_of(LESSON)
    assert run.waits("Ada") == run.waits("Bob") == ["start.wait"]
    assert run.waker("Ada") == run.waker("Bob") == "starter"
    assert [run.steps_of(task)[1].ready for task in ("Ada", "Bob")] == [30, 30]


def test_the_cause_is_the_line_of_set() -> None:
    run = run_of(LESSON)
    lines = {run.trace.line(run.steps_of(task)[1].row.site) for task in ("Ada", "Bob")}
    assert len(lines) == 1
    assert lesson(LESSON).program.splitlines()[(lines.pop() or 0) - 1].strip() == "start.set()"


def test_starter_goes_on_until_it_awaits_and_prints_before_any_runner_runs() -> None:
    run = run_of(LESSON)
    order = run.order("starter: go!", "Ada: runs", "Bob: runs")
    assert order == ["starter: go!", "Ada: runs", "Bob: runs"]
    assert run.steps_of("Ada")[1].row.ready_seq <= run.line("starter: go!").event
    assert run.next_after("starter: go!") == "Ada"


def test_the_runners_have_their_turns_in_the_order_in_which_they_began_to_wait() -> None:
    turns = run_of(LESSON).turns()
    assert turns[1:3] == ["Ada", "Bob"]
    assert turns[4:7] == ["starter", "Ada", "Bob"]


def test_whoever_comes_late_does_not_even_pause() -> None:
    run = run_of(LESSON)
    assert run.step_that_printed("late: at the line") == run.step_that_printed("late: runs")
    assert run.waits("main") == ["TaskGroup"]


def test_changed_both_run_before_starter_prints() -> None:
    run = run_changed(LESSON)
    order = run.order("starter: go!", "Ada: runs", "Bob: runs")
    assert order == ["Ada: runs", "Bob: runs", "starter: go!"]
