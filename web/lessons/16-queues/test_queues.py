"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import lesson, run_changed, run_of
from loopscope.protocol import Kind

LESSON = "queues"


def test_producer_puts_two_without_a_pause_and_waits_with_the_third() -> None:
    run = run_of(LESSON)
    assert run.step_that_printed("put 2") == run.steps_of("producer")[0]
    assert run.step_that_printed("put 3") == run.steps_of("producer")[1]
    assert run.waits("producer") == ["queue.put"] * 3


def test_every_get_wakes_it_for_one_more() -> None:
    run = run_of(LESSON)
    assert [run.waker("producer", number) for number in (1, 2, 3)] == ["consumer"] * 3
    puts = [run.step_that_printed(f"put {number}") for number in (3, 4, 5)]
    assert puts == run.steps_of("producer")[1:]
    lines = {run.trace.line(step.row.site) for step in puts}
    assert len(lines) == 1
    assert lesson(LESSON).program.splitlines()[(lines.pop() or 0) - 1].strip() == "item = await queue.get()"


def test_the_consumer_sets_the_pace_for_both() -> None:
    run = run_of(LESSON)
    assert [run.at(f"put {number}") for number in (3, 4, 5)] == [0, 20, 40]
    assert [run.at(f"worked on {number}") for number in range(1, 6)] == [20, 40, 60, 80, 100]


def test_a_get_that_finds_an_item_does_not_pause() -> None:
    assert run_of(LESSON).waits("consumer") == ["sleep(0.02)"] * 5


def test_the_queue_never_holds_more_than_two() -> None:
    run = run_of(LESSON)
    (queue,) = run.trace.primitives
    lengths = [row.aux for row in run.trace.rows if row.kind is Kind.STATE and row.subject == queue]
    assert max(lengths) == 2


def test_changed_all_five_are_put_in_a_single_step_before_the_consumer_begins() -> None:
    run = run_changed(LESSON)
    assert len(run.steps_of("producer")) == 1
    assert run.steps_of("producer")[0].event < run.steps_of("consumer")[0].event
    assert run.length == 100
