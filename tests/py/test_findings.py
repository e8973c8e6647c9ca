"""Each finding: programs that must raise it, and look-alikes that must not."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
from engines import ROOT
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


QUERY = """
async def query(name, seconds=0.05):
    await asyncio.sleep(seconds)
    return name
---
"""

RAISED = {
    "two locks in opposite order": (
        "deadlock",
        """
        async def both(one, other):
            async with one:
                await asyncio.sleep(0.01)
                async with other:
                    pass
        ---
        left, right = asyncio.Lock(), asyncio.Lock()
        await asyncio.gather(both(left, right), both(right, left))
        """,
    ),
    "an event nobody sets": ("deadlock", "await asyncio.Event().wait()"),
    "a task that waits for itself through another": (
        "deadlock",
        """
        async def wait_for(others):
            await asyncio.sleep(0)
            await others[0]
        ---
        tasks = []
        tasks.append(asyncio.create_task(wait_for(tasks)))
        one = asyncio.create_task(wait_for([tasks[0]]))
        tasks[0] = one
        await one
        """,
    ),
    "time.sleep while another is due": (
        "blocked",
        """
        async def beat():
            for _ in range(3):
                await asyncio.sleep(0.02)
        ---
        task = asyncio.create_task(beat())
        await asyncio.sleep(0.01)
        time.sleep(0.2)
        await task
        """,
    ),
    "many short steps": (
        "starved",
        """
        async def work():
            for _ in range(20):
                time.sleep(0.01)
                await asyncio.sleep(0)
        ---
        await asyncio.gather(*(work() for _ in range(20)))
        """,
    ),
    "two results that are printed": ("in-turn", QUERY + "print(await query('a'))\nprint(await query('b'))"),
    "two results that are kept": (
        "in-turn",
        QUERY + "a = await query('a')\nb = await query('b')\nreturn a, b",
    ),
    "two calls for their effect": ("in-turn", QUERY + "await query('a')\nawait query('b')"),
    "a slow await in a lock": (
        "lock-held",
        """
        async def save(lock):
            async with lock:
                await asyncio.sleep(0.05)
        ---
        lock = asyncio.Lock()
        await asyncio.gather(save(lock), save(lock), save(lock))
        """,
    ),
    "polling with sleep(0)": (
        "busy",
        """
        async def poll(done):
            while not done:
                await asyncio.sleep(0)
        ---
        done = []
        task = asyncio.create_task(poll(done))
        await asyncio.sleep(0.01)
        done.append(1)
        await task
        """,
    ),
    "except CancelledError and go on": (
        "swallowed",
        """
        async def stubborn():
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                pass
            await asyncio.sleep(0.01)
        ---
        task = asyncio.create_task(stubborn())
        await asyncio.sleep(0.01)
        task.cancel()
        await task
        """,
    ),
    "a task that outlives main": (
        "pending",
        """
        async def background():
            await asyncio.sleep(10)
        ---
        task = asyncio.create_task(background())
        await asyncio.sleep(0.01)
        """,
    ),
    "a gather that failed, and one that goes on": (
        "sibling",
        """
        async def fails():
            raise ValueError("no")
        async def goes_on():
            await asyncio.sleep(0.05)
        ---
        try:
            await asyncio.gather(fails(), goes_on())
        except ValueError:
            pass
        await asyncio.sleep(0.1)
        """,
    ),
    "tasks made before, and given to gather": (
        "sibling",
        """
        async def fails():
            raise ValueError("no")
        async def goes_on():
            await asyncio.sleep(0.05)
        ---
        one = asyncio.create_task(fails())
        other = asyncio.create_task(goes_on())
        try:
            await asyncio.gather(one, other)
        except ValueError:
            pass
        await asyncio.sleep(0.1)
        """,
    ),
    "a semaphore that holders want twice": (
        "deadlock",
        """
        async def twice(slots):
            async with slots:
                await asyncio.sleep(0.01)
                async with slots:
                    pass
        ---
        slots = asyncio.Semaphore(2)
        await asyncio.gather(twice(slots), twice(slots))
        """,
    ),
    "one too few at a barrier": (
        "deadlock",
        """
        async def comes(barrier):
            await barrier.wait()
        ---
        barrier = asyncio.Barrier(3)
        await asyncio.gather(comes(barrier), comes(barrier))
        """,
    ),
    "a child of a TaskGroup that goes on": (
        "swallowed",
        """
        async def fails():
            raise ValueError("no")
        async def stubborn():
            try:
                await asyncio.sleep(1)
            except asyncio.CancelledError:
                pass
            await asyncio.sleep(1)
        ---
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(stubborn())
                group.create_task(fails())
        except* ValueError:
            pass
        """,
    ),
    "an exception nobody looks at": (
        "never-retrieved",
        """
        async def fails():
            raise ValueError
        ---
        task = asyncio.create_task(fails())
        await asyncio.sleep(0.01)
        del task
        """,
    ),
}

NOT_RAISED = {
    "a wait with a timer": "await asyncio.wait_for(asyncio.sleep(0.01), 5)",
    "a long sleep": "await asyncio.sleep(100)",
    "a blocking step with nobody else": "time.sleep(0.5)\nawait asyncio.sleep(0.01)",
    "the second uses the first's result": QUERY + "a = await query('a')\nb = await query(a)\nreturn b",
    "two at once": QUERY + "await asyncio.gather(query('a'), query('b'))",
    "sleeps in a row": "await asyncio.sleep(0.05)\nawait asyncio.sleep(0.05)",
    "a lock held for an instant": """
        async def add(lock, total):
            async with lock:
                total.append(1)
        ---
        lock = asyncio.Lock()
        await asyncio.gather(*(add(lock, []) for _ in range(10)))
        """,
    "a gather that failed, its others cancelled by who caught it": """
        async def fails():
            raise ValueError("no")
        ---
        tasks = [asyncio.create_task(fails()), asyncio.create_task(asyncio.sleep(1))]
        try:
            await asyncio.gather(*tasks)
        except ValueError:
            tasks[1].cancel()
        await asyncio.sleep(0.01)
        """,
    "a gather that failed, its others awaited by who caught it": """
        async def fails():
            raise ValueError("no")
        ---
        tasks = [asyncio.create_task(fails()), asyncio.create_task(asyncio.sleep(1))]
        try:
            await asyncio.gather(*tasks)
        except ValueError:
            await asyncio.wait(tasks)
        """,
    "a gather that returns exceptions": """
        async def fails():
            raise ValueError("no")
        ---
        await asyncio.gather(fails(), asyncio.sleep(0.1), return_exceptions=True)
        """,
    "a gather whose last one fails": """
        async def fails():
            await asyncio.sleep(0.02)
            raise ValueError("no")
        ---
        try:
            await asyncio.gather(asyncio.sleep(0.01), fails())
        except ValueError:
            pass
        """,
    "a few turns of sleep(0)": "for _ in range(20): await asyncio.sleep(0)",
    "a cancellation that is heard": """
        async def polite():
            try:
                await asyncio.sleep(10)
            finally:
                await asyncio.sleep(0.01)
        ---
        task = asyncio.create_task(polite())
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])
        """,
    "a timeout that is caught": """
        try:
            async with asyncio.timeout(0.01):
                await asyncio.sleep(1)
        except TimeoutError:
            await asyncio.sleep(0.01)
        """,
    "a failing group that is caught": """
        async def fails():
            raise ValueError
        ---
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(fails())
                group.create_task(asyncio.sleep(1))
        except* ValueError:
            pass
        await asyncio.sleep(0.01)
        """,
}


@pytest.mark.parametrize("name", RAISED)
def test_it_is_found(name: str) -> None:
    kind, body = RAISED[name]
    assert kinds(body)[:1] == [kind]


@pytest.mark.parametrize("name", NOT_RAISED)
def test_its_look_alike_is_not(name: str) -> None:
    assert kinds(NOT_RAISED[name]) == []


def test_a_deadlock_is_named_as_its_cycle_with_lines() -> None:
    [finding] = found(RAISED["two locks in opposite order"][1])
    assert finding.title == "Deadlock: both (Task-2) → both (Task-3) → both (Task-2)" or "→" in finding.title
    assert "left" in finding.text
    assert "right" in finding.text
    assert "held by" in finding.text
    assert finding.lines


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
    "10_deadlock": ["lock-held", "lock-held"],
}


@pytest.mark.filterwarnings("ignore:coroutine", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("path", sorted((ROOT / "web/examples").glob("*.py")), ids=lambda path: path.stem)
def test_the_examples_have_no_other_findings(path: Path) -> None:
    source = path.read_text()
    kinds = [finding.kind for finding in findings(Trace.read(record(source)[0]), source)]
    found = re.search("^# Finding: (.+)", source, re.MULTILINE)
    assert kinds == SHOWN.get(path.stem, [found[1]] if found else [])
