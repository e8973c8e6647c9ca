"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import lesson, run_changed, run_of
from loopscope.analysis.findings import findings
from loopscope.analysis.holders import held
from loopscope.protocol import Kind

LESSON = "deadlock"


def test_each_holds_one_lock_and_waits_for_the_other() -> None:
    run = run_of(LESSON)
    assert run.waits("Ada") == ["sleep(0.01)", "b.acquire"]
    assert run.waits("Bob") == ["sleep(0.01)", "a.acquire"]
    owners = {}
    for number in run.trace.primitives:
        (hold,) = held(run.trace, number)
        owners[run.trace.primitive_label(number)] = run.name(hold.by)
    assert owners == {"a": "Ada", "b": "Bob"}


def test_the_loop_is_idle_until_the_timeout() -> None:
    run = run_of(LESSON)
    idle = [(row.t, row.end) for row in run.trace.rows if row.kind is Kind.IDLE]
    assert idle == [(0.0, 0.01), (0.01, 0.1)]


def test_the_timeout_breaks_it_up_and_the_group_cancels_both() -> None:
    run = run_of(LESSON)
    assert run.cancellations()[0] == ("main", "timer")
    assert {("Ada", "main"), ("Bob", "main")} <= set(run.cancellations())
    assert run.waker("Ada", 2) == run.waker("Bob", 2) == "main"
    assert run.at("main: they would wait for ever") == run.length == 100


def test_changed_in_one_order_bob_waits_until_ada_is_through() -> None:
    run = run_changed(LESSON)
    assert run.waits("Bob")[0] == "a.acquire"
    assert run.waker("Bob") == "Ada"
    assert run.order("Ada: has both", "Bob: has both") == ["Ada: has both", "Bob: has both"]
    assert run.length == 20


def test_changed_without_the_timeout_the_finding_names_the_two_the_locks_and_the_line() -> None:
    run = run_changed(LESSON, 1)
    source = lesson(LESSON).changed(1)
    (found,) = [finding for finding in findings(run.trace, source) if finding.kind == "deadlock"]
    for word in ("Ada", "Bob", "waits for b.acquire", "waits for a.acquire"):
        assert word in found.title + found.text
    assert "async with target:" in {source.splitlines()[line - 1].strip() for line in found.lines}
    assert run.length == 10
