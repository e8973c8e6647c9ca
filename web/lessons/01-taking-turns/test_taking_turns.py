"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from itertools import pairwise

from lessons import run_changed, run_of

LESSON = "taking-turns"


def test_at_any_moment_at_most_one_task_runs() -> None:
    steps = run_of(LESSON).steps
    assert all(one.end <= other.begin for one, other in pairwise(steps))


def test_each_has_three_parts_of_10_ms_to_compute() -> None:
    run = run_of(LESSON)
    for task in ("Ada", "Bob"):
        assert [step.end - step.begin for step in run.steps_of(task)] == [10, 10, 10, 0]


def test_after_each_part_sleep_0_gives_the_other_one_a_turn() -> None:
    run = run_of(LESSON)
    assert run.turns() == ["main", *["Ada", "Bob"] * 4, "main"]
    assert run.waits("Ada") == ["sleep(0)"] * 3
    assert run.waker("Ada") == "itself"


def test_taking_turns_makes_nothing_faster() -> None:
    assert run_of(LESSON).length == 60


def test_where_one_runs_the_other_is_ready_and_waits_for_its_turn() -> None:
    run = run_of(LESSON)
    ada, bob = run.steps_of("Ada"), run.steps_of("Bob")
    for mine, other, next_of_mine in zip(ada, bob, ada[1:], strict=False):
        assert next_of_mine.ready == mine.end == other.begin
        assert next_of_mine.begin == other.end


def test_changed_waits_overlap_and_take_30_ms_in_one_thread() -> None:
    run = run_changed(LESSON)
    assert run.length == 30
    assert run.waits("Ada") == run.waits("Bob")
    assert [step.begin for step in run.steps_of("Ada")] == [step.begin for step in run.steps_of("Bob")]
