"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import run_changed, run_of

LESSON = "barriers"


def test_two_wait_and_the_third_does_not() -> None:
    run = run_of(LESSON)
    assert [run.at(f"{name}: at the hut") for name in ("Ada", "Cleo", "Bob")] == [20, 40, 60]
    assert run.waits("Ada") == ["sleep(0.02)", "hut.wait", "sleep(0.02)"]
    assert run.waits("Cleo") == ["sleep(0.04)", "hut.wait", "sleep(0.04)"]
    assert run.waits("Bob") == ["sleep(0.06)", "sleep(0.06)"]


def test_bob_wakes_the_others_and_goes_on() -> None:
    run = run_of(LESSON)
    assert run.waker("Ada", 2) == run.waker("Cleo", 2) == "Bob"
    assert [run.steps_of(name)[2].begin for name in ("Ada", "Cleo")] == [60, 60]
    assert run.step_that_printed("Bob: at the hut") == run.step_that_printed("Bob: goes on")


def test_they_get_their_turns_after_him_in_the_order_in_which_they_came() -> None:
    lines = [line for line in run_of(LESSON).printed if line.endswith("goes on")]
    assert lines == ["Bob: goes on", "Ada: goes on", "Cleo: goes on"]


def test_from_there_on_everybody_walks_at_their_own_pace() -> None:
    run = run_of(LESSON)
    assert [run.at(f"{name}: at the top") for name in ("Ada", "Cleo", "Bob")] == [80, 100, 120]
    assert run.length == 120


def test_changed_cleo_is_the_last_and_wakes_bob_then_ada() -> None:
    run = run_changed(LESSON)
    assert run.at("Cleo: at the hut") == 40
    assert run.waker("Bob", 2) == run.waker("Ada", 2) == "Cleo"
    lines = [line for line in run.printed if line.endswith("goes on")]
    assert lines == ["Cleo: goes on", "Bob: goes on", "Ada: goes on"]
