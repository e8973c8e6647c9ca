"""Each finding: programs that must raise it, and look-alikes that must not."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
from engines import ROOT
from finding_programs import NOT_RAISED, RAISED
from loopscope.analysis import findings as package
from loopscope.analysis.findings import Finding, findings
from loopscope.analysis.trace import Trace
from loopscope.protocol import How, unpack_frames
from loopscope.record import record


def found(body: str) -> list[Finding]:
    """Findings about a program whose ``main`` has this body; functions may stand before a line ``---``."""
    text = textwrap.dedent(body)
    functions, _, main = text.rpartition("---\n")
    main = textwrap.indent(main, "    ")
    source = f"import asyncio, time\n{functions}\nasync def main():\n{main}\nasyncio.run(main())\n"
    return findings(Trace.read(record(source)[0]), source)


def kinds(body: str) -> list[str]:
    return [finding.kind for finding in found(body)]


@pytest.mark.parametrize("name", RAISED)
def test_it_is_found(name: str) -> None:
    kind, body = RAISED[name]
    assert kinds(body)[:1] == [kind]


@pytest.mark.parametrize("name", NOT_RAISED)
def test_its_look_alike_is_not(name: str) -> None:
    assert kinds(NOT_RAISED[name]) == []


def test_a_deadlock_is_named_as_its_cycle_with_lines() -> None:
    [finding] = found(RAISED["two locks in opposite order"][1])
    assert finding.title == "Deadlock: both 2 → both 3 → both 2" or "→" in finding.title
    assert "left" in finding.text
    assert "right" in finding.text
    assert "held by" in finding.text
    assert finding.lines


def title_and_advice(body: str) -> tuple[str, str]:
    [finding] = (finding for finding in found(body) if finding.kind == "deadlock")
    return finding.title, finding.advice


def test_the_advice_for_a_circle_is_about_what_it_consists_of() -> None:
    title, advice = title_and_advice("""
        lock = asyncio.Lock()
        async with lock:
            async with lock:
                pass
    """)
    assert title == "Deadlock: main waits for lock, which it holds itself"
    assert "can be taken twice, not even by one task" in advice
    title, advice = title_and_advice("""
        places = asyncio.Semaphore(2)
        for _ in range(3):
            await places.acquire()
    """)
    assert title == "Deadlock: main waits for a place of places, and has all of them itself"
    title, advice = title_and_advice(RAISED["a task that waits for itself through another"][1])
    assert "→" in title
    assert "wait for each other's end" in advice
    title, advice = title_and_advice("""
        lock = asyncio.Lock()
        async def helper():
            async with lock:
                pass
        ---
        async with lock:
            await asyncio.create_task(helper())
    """)
    assert "→" in title
    assert advice == "Don't wait for a task while you hold what it needs: give it back first."


def test_nobody_holds_a_queue_or_an_event() -> None:
    title, advice = title_and_advice("""
        async def consumer(q):
            while True:
                await q.get()
        ---
        q = asyncio.Queue(1)
        task = asyncio.create_task(consumer(q))
        for number in range(3):
            await q.put(number)
        await q.join()
    """)
    assert title == "Deadlock: nobody will ever call task_done() of q"
    assert advice == "Who takes an item from a queue calls task_done() once it is done with it."
    title, _ = title_and_advice("""
        event = asyncio.Event()
        event.set()
        event.clear()
        await event.wait()
    """)
    assert title == "Deadlock: nobody will ever set event"


LATE = """
    async def late(ready):
        async with ready:
            await ready.wait()
    ---
    ready = asyncio.Condition()
    async with ready:
        ready.notify{}
    await late(ready)
"""


@pytest.mark.parametrize("how", ["()", "_all()", "(3)"])
def test_a_notification_that_came_before_anybody_waited_is_told(how: str) -> None:
    deadlock, lost = found(LATE.format(how))
    assert (deadlock.kind, lost.kind) == ("deadlock", "lost-wakeup")
    assert lost.title == "ready was notified before main waited for it"
    assert lost.text == (
        "main notified ready at line 10, and nobody waited for it then."
        " Only after that main began to wait for ready, which was not notified again."
    )
    assert lost.lines == (10, 5)


def test_an_event_that_was_set_and_cleared_before_anybody_waited_is_told() -> None:
    _, lost = found("""
        async def late(event):
            await event.wait()
        ---
        event = asyncio.Event()
        event.set()
        event.clear()
        await asyncio.gather(late(event), late(event))
    """)
    assert re.fullmatch(r"event was set and cleared before late .* and late .* waited for it", lost.title)
    assert (lost.kind, lost.lines) == ("lost-wakeup", (8, 4))


@pytest.mark.parametrize(
    "body",
    [
        "condition = asyncio.Condition()\nasync with condition:\n    await condition.wait()\n",
        # It waits for what it can look at: a notification is no news to it.
        "ready = asyncio.Condition()\nasync with ready:\n    ready.notify()\n"
        "    await ready.wait_for(lambda: False)\n",
        # It was woken before: what it waits for now is another.
        """
        async def worker(work):
            async with work:
                while True:
                    await work.wait()
        ---
        work = asyncio.Condition()
        task = asyncio.create_task(worker(work))
        await asyncio.sleep(0)
        async with work:
            work.notify()
        await asyncio.sleep(1)
        await task
        """,
        "event = asyncio.Event()\nawait event.wait()\n",
    ],
)
def test_no_wake_up_is_lost_that_nobody_could_have_heard(body: str) -> None:
    assert kinds(body) == ["deadlock"]


def test_a_task_that_is_made_before_its_loop_runs_does_not_starve() -> None:
    source = """
import asyncio, time
async def tick(): await asyncio.sleep(0)
loop = asyncio.new_event_loop()
task = loop.create_task(tick())
time.sleep(2)
loop.run_until_complete(task)
loop.close()
"""
    assert findings(Trace.read(record(source)[0]), source) == []


def test_a_deadlock_is_looked_at_where_it_closed() -> None:
    body = RAISED["two locks in opposite order"][1]
    [finding] = found(body)
    assert finding.events[0] == max(finding.events)


def test_a_blocking_call_is_named_by_its_own_line() -> None:
    [finding] = found(RAISED["time.sleep while another is due"][1])
    assert (finding.lines, "from line 9 on" in finding.text) == ((10,), True)
    [finding] = found("""
        from time import sleep as nap
        async def beat():
            await asyncio.sleep(0.02)
        def work():
            nap(0.2)
        ---
        task = asyncio.create_task(beat())
        await asyncio.sleep(0)
        work()
        await task
    """)
    assert finding.lines == (7,)
    # Which of two it was nobody knows: the line from which on it ran.
    [finding] = found("""
        async def beat():
            await asyncio.sleep(0.02)
        ---
        task = asyncio.create_task(beat())
        await asyncio.sleep(0)
        time.sleep(0.1)
        time.sleep(0.1)
        await task
    """)
    assert finding.lines == (8,)


def test_awaits_in_turn_say_what_they_cost_and_could_cost() -> None:
    [finding] = found(RAISED["two results that are kept"][1])
    assert finding.title == "Lines 8 and 9 wait 100 ms, could be 50 ms"
    assert finding.lines == (8, 9)


def test_a_coroutine_never_awaited_is_found_with_its_line() -> None:
    source = "import asyncio\nasync def lost(): pass\nasync def main(): lost()\nasyncio.run(main())\n"
    with pytest.warns(RuntimeWarning, match="never awaited"):
        trace = Trace.read(record(source)[0])
    [finding] = findings(trace, source)
    assert (finding.kind, finding.title, finding.lines) == ("never-awaited", "lost was never awaited", (3, 2))


def test_a_check_that_fails_stands_in_nobodys_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(trace: Trace, source: str) -> list[Finding]:
        raise RuntimeError("broken")

    monkeypatch.setattr(package, "CHECKS", (broken, *package.CHECKS))
    failed, deadlock = found(RAISED["an event nobody sets"][1])
    assert (failed.kind, deadlock.kind) == ("check-failed", "deadlock")
    assert "RuntimeError: broken" in failed.text
    assert "unharmed" in failed.text


def test_an_analysis_that_fails_as_a_whole_is_told_and_harms_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: bytes) -> Trace:
        raise RuntimeError("broken")

    monkeypatch.setattr(Trace, "read", broken)
    data, end = record("print('fine')")
    monkeypatch.undo()
    [*_, meta] = [meta for meta, _ in unpack_frames(data)]
    assert end.how is How.FINISHED
    assert [finding["kind"] for finding in meta["findings"]] == ["check-failed"]
    assert meta["path"] == []


# The examples that are there to show a finding.
SHOWN = {
    "01_queries_in_turn": ["in-turn"],
    "07_blocking": ["blocked"],
    # Whom nobody wakes any more waits for ever.
    "20_lost_wakeup": ["deadlock", "lost-wakeup"],
}


@pytest.mark.filterwarnings("ignore:coroutine", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("path", sorted((ROOT / "web/examples").glob("*.py")), ids=lambda path: path.stem)
def test_the_examples_have_no_other_findings(path: Path) -> None:
    source = path.read_text()
    kinds = [finding.kind for finding in findings(Trace.read(record(source)[0]), source)]
    found = re.search("^# Finding: (.+)", source, re.MULTILINE)
    assert kinds == SHOWN.get(path.stem, [found[1]] if found else [])


def test_a_librarys_coroutine_that_nobody_awaits_has_no_line_of_its_own() -> None:
    with pytest.warns(RuntimeWarning, match="never awaited"):
        (finding,) = found("""
            asyncio.sleep(1)
            await asyncio.sleep(0)
        """)
    assert (finding.title, finding.lines) == ("sleep was never awaited", (5,))
