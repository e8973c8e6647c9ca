"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import run_changed, run_of

LESSON = "conditions"


TABLE = ["table.wait", "table.wait, for its lock"]


def test_notify_all_wakes_both_but_now_they_wait_for_the_lock() -> None:
    run = run_of(LESSON)
    for guest in ("Ada", "Bob"):
        assert run.waits(guest)[:2] == TABLE
        assert run.waker(guest, 1) == "cook"
        assert (run.steps_of(guest)[1].end, run.steps_of(guest)[2].begin) == (20, 30)


def test_when_the_cook_leaves_ada_gets_the_lock_and_eats() -> None:
    run = run_of(LESSON)
    assert run.waker("Ada", 2) == "cook"
    assert run.step_that_printed("Ada: eats 1") == run.steps_of("Ada")[2]
    assert run.at("Ada: eats 1") == 30


def test_she_leaves_bob_gets_it_and_the_pizza_is_gone() -> None:
    run = run_of(LESSON)
    assert run.waker("Bob", 2) == "Ada"
    assert run.steps_of("Bob")[2].begin == 30
    assert run.waits("Bob") == TABLE + TABLE


def test_bob_eats_at_his_fifth_step() -> None:
    run = run_of(LESSON)
    assert run.step_that_printed("Bob: eats 2") == run.steps_of("Bob")[4]
    assert len(run.steps_of("Bob")) == 5


def test_changed_bob_sleeps_through_the_first_pizza() -> None:
    run = run_changed(LESSON)
    assert run.waits("Bob") == TABLE
    assert run.steps_of("Bob")[1].begin == run.at("cook: pizza 2") == 50
