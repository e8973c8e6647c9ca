"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import lesson, record, run_changed, run_of
from loopscope.analysis.holders import held

LESSON = "locks"


def test_ada_takes_the_lock_without_a_pause() -> None:
    run = run_of(LESSON)
    assert run.waits("Ada") == ["sleep(0.02)"]


def test_bob_has_to_wait_until_ada_releases_it() -> None:
    run = run_of(LESSON)
    assert run.waits("Bob")[0] == "lock.acquire"
    assert run.waker("Bob") == "Ada"
    assert run.steps_of("Bob")[1].ready == run.steps_of("Ada")[-1].begin == 20


def test_bob_waits_exactly_as_long_as_ada_holds_it() -> None:
    run = run_of(LESSON)
    (lock,) = [number for number, (kind, _, _) in run.trace.primitives.items() if kind == "Lock"]
    times = [(run.name(hold.by), run.trace.rows[hold.end].t) for hold in held(run.trace, lock)]
    assert times == [("Ada", 0.02), ("Bob", 0.04)]
    begun, resumed = run.steps_of("Bob")[:2]
    assert (begun.end, resumed.begin) == (0, 20)


def test_those_who_wait_are_served_in_the_order_in_which_they_came() -> None:
    more = lesson(LESSON).program.replace(
        "    print(f'left",
        "        tg.create_task(withdraw('Cleo', 1), name='Cleo')\n    print(f'left",
    )
    run = record(more)
    assert run.printed == ["Ada sees 100", "Bob sees 70", "Cleo sees 20", "left: 19"]


def test_the_two_visits_to_the_bank_come_one_after_the_other() -> None:
    run = run_of(LESSON)
    assert run.took("Ada sees 100", "Bob sees 70") == 20
    assert run.length == 40


def test_changed_both_see_100_and_what_ada_writes_is_overwritten() -> None:
    run = run_changed(LESSON)
    assert run.printed == ["Ada sees 100", "Bob sees 100", "left: 50"]
    assert run.length == 20
