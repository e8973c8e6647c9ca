"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from itertools import pairwise

from lessons import Run, lesson, record, run_changed, run_of
from loopscope.protocol import Kind

LESSON = "async-for"


def test_the_generator_is_no_task() -> None:
    assert run_of(LESSON).tasks == ["main", "reader", "ticker"]


def test_where_it_awaits_reader_pauses_with_it() -> None:
    run = run_of(LESSON)
    steps = run.steps_of("reader")
    assert [step.end for step in steps] == [0, 20, 30, 50, 60, 80, 90]
    assert [run.trace.line(timer) for timer in sites(run)] == [7, 16] * 3


def sites(run: Run) -> list[int]:
    """Where the reader's timers were armed, in its generator and in itself by turns."""
    owner = run.steps_of("reader")[0].row.subject
    return [row.site for row in run.trace.rows if row.kind is Kind.TIMER and row.by == owner]


def test_the_next_page_is_not_fetched_while_the_last_one_is_read() -> None:
    run = run_of(LESSON)
    due = run.timers("reader")
    assert all(one.fired is not None and one.fired < other.due for one, other in pairwise(due))
    assert [other.due - one.due for one, other in pairwise(due)] == [10, 20, 10, 20, 10]
    assert run.length == 90


def test_ticker_ticks_meanwhile() -> None:
    run = run_of(LESSON)
    assert [run.at("tick 1"), run.at("tick 2")] == [35, 70]


def test_with_no_more_values_the_loop_ends_in_the_same_step() -> None:
    run = run_of(LESSON)
    last = run.steps_of("reader")[-1]
    assert run.step_that_printed("pages: closed") == last
    assert run.how(last) == "returned"


def test_changed_asyncio_closes_it_in_a_task_of_its_own_after_reader_has_ended() -> None:
    run = run_changed(LESSON)
    line = run.line("pages: closed")
    task = run.trace.tasks[run.trace.rows[line.event].by]
    assert task.id not in {
        step.row.subject for step in run.steps if step.task in ("main", "reader", "ticker")
    }
    assert line.event > run.steps_of("reader")[-1].event
    assert [text for text in run.printed if text.startswith("reader")] == ["reader: page 1"]


def test_changed_aclosing_closes_it_right_there() -> None:
    source = lesson(LESSON).changed()
    source = source.replace("import asyncio\n", "import asyncio, contextlib\n", 1)
    source = source.replace(
        "    async for page in pages():\n        print(f'reader: {page}')\n        break\n",
        "    async with contextlib.aclosing(pages()) as them:\n"
        "        async for page in them:\n            print(f'reader: {page}')\n            break\n",
    )
    run = record(source)
    assert run.step_that_printed("pages: closed") == run.step_that_printed("reader: page 1")
