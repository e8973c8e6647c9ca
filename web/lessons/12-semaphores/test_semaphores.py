"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import run_changed, run_of

LESSON = "semaphores"


def test_two_get_in_without_a_pause_the_others_have_to_wait() -> None:
    run = run_of(LESSON)
    assert run.waits("a")[0] == "sleep(0.04)"
    assert run.waits("b")[0] == "sleep(0.02)"
    assert run.waits("c")[0] == run.waits("d")[0] == "slots.acquire"


def test_whoever_leaves_lets_the_next_one_in() -> None:
    run = run_of(LESSON)
    assert (run.waker("c"), run.at("c: starts")) == ("b", 20)
    assert (run.waker("d"), run.at("d: starts")) == ("a", 40)


def test_being_woken_is_not_running() -> None:
    run = run_of(LESSON)
    assert run.order("b: done", "c: starts") == ["b: done", "c: starts"]
    assert run.steps_of("c")[1].row.ready_seq <= run.line("b: done").event


def test_never_more_than_two_at_the_same_time() -> None:
    run = run_of(LESSON)
    inside = most = 0
    for line in run.printed:
        inside += 1 if line.endswith("starts") else -1
        most = max(most, inside)
    assert most == 2
    assert run.length == 70


def test_changed_they_start_together_and_all_is_done_after_40_ms() -> None:
    run = run_changed(LESSON)
    assert [run.at(f"{name}: starts") for name in "abcd"] == [0, 0, 0, 0]
    assert run.at("a: done") == run.length == 40
