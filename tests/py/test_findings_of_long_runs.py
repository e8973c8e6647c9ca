"""Findings, critical path and narration of long runs: what they cost grows as the run does, whatever it is full of.

Cost is counted, not timed: every bytecode instruction of the analysis, and every event that is read on the way.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, SupportsIndex, TypeVar, overload

import pytest
from loopscope.analysis import trace as traces
from loopscope.analysis.critical import critical_path
from loopscope.analysis.findings import CHECKS, Finding
from loopscope.analysis.narration import narrate
from loopscope.analysis.trace import Trace
from loopscope.record import record

T = TypeVar("T")

SIZE = 50
TIMES = 4
# What grows with the square of the size costs up to 16 times as much.
MOST = 6.0

# Each is a program with {n} waits, tasks or locks; and what is found in it.
PROGRAMS: dict[str, tuple[str, set[str]]] = {
    "many waits for one lock": (
        """
async def save(lock):
    async with lock:
        await asyncio.sleep(0.01)
async def main():
    lock = asyncio.Lock()
    await asyncio.gather(*(save(lock) for _ in range({n})))
asyncio.run(main())
""",
        {"lock-held"},
    ),
    "many locks taken in opposite order": (
        """
async def both(one, other):
    try:
        async with asyncio.timeout(0.1), one:
            await asyncio.sleep(0.01)
            async with other:
                pass
    except TimeoutError:
        pass
async def main():
    pairs = [(asyncio.Lock(), asyncio.Lock()) for _ in range({n})]
    await asyncio.gather(*(both(*order) for a, b in pairs for order in ((a, b), (b, a))))
asyncio.run(main())
""",
        {"lock-order"},
    ),
    "many who wait behind two that wait for each other": (
        """
async def both(one, other):
    async with one:
        await asyncio.sleep(0.01)
        async with other:
            pass
async def main():
    locks = [asyncio.Lock() for _ in range({n})]
    circle = [both(locks[0], locks[1]), both(locks[1], locks[0])]
    tasks = [asyncio.create_task(each) for each in circle]
    tasks += [asyncio.create_task(both(locks[k], locks[k - 1])) for k in range(2, {n})]
    await asyncio.sleep(1)
    tasks[0].cancel()
    await asyncio.wait(tasks)
asyncio.run(main())
""",
        {"lock-order"},
    ),
    "a deadlock of many that want one lock": (
        """
async def want(lock):
    async with lock:
        await asyncio.get_running_loop().create_future()
async def main():
    lock = asyncio.Lock()
    await asyncio.gather(*(want(lock) for _ in range({n})))
asyncio.run(main())
""",
        {"deadlock"},
    ),
    "a deadlock of many at one queue": (
        """
async def get(queue):
    while True:
        await queue.get()
async def main():
    queue = asyncio.Queue()
    for k in range({n}):
        queue.put_nowait(k)
    await asyncio.gather(*(get(queue) for _ in range({n})), *(queue.join() for _ in range({n})))
asyncio.run(main())
""",
        {"deadlock"},
    ),
    "many deadlocks": (
        """
async def main():
    await asyncio.gather(asyncio.Event().wait(), asyncio.get_running_loop().create_future())
for _ in range({n}):
    try:
        asyncio.run(main())
    except RuntimeError:
        pass
""",
        {"deadlock"},
    ),
    "a gather of many, one of which fails": (
        """
async def fails():
    raise ValueError
async def goes_on():
    await asyncio.sleep(0.05)
async def main():
    try:
        await asyncio.gather(fails(), *(goes_on() for _ in range({n})))
    except ValueError:
        pass
    await asyncio.sleep(0.1)
asyncio.run(main())
""",
        {"sibling"},
    ),
    "a gather of many, all of which fail": (
        """
async def fails():
    raise ValueError
async def main():
    await asyncio.gather(*(fails() for _ in range({n})), return_exceptions=True)
    await asyncio.sleep(0.1)
asyncio.run(main())
""",
        set(),
    ),
    "many turns": (
        """
async def main():
    for _ in range(10 * {n}):
        await asyncio.sleep(0)
asyncio.run(main())
""",
        {"busy"},
    ),
    "many that wake the next one": (
        """
async def run(events, k):
    await events[k].wait()
    await asyncio.sleep(0.001)
    if k + 1 < len(events):
        events[k + 1].set()
async def main():
    events = [asyncio.Event() for _ in range({n})]
    tasks = [asyncio.create_task(run(events, k)) for k in range({n})]
    events[0].set()
    await asyncio.gather(*tasks)
asyncio.run(main())
""",
        set(),
    ),
    "many long steps": (
        """
async def beat():
    for _ in range(2 * {n}):
        await asyncio.sleep(0.02)
async def main():
    task = asyncio.create_task(beat())
    for _ in range({n}):
        await asyncio.sleep(0.03)
        time.sleep(0.06)
    await task
asyncio.run(main())
""",
        {"blocked"},
    ),
    "many that stay in the ready queue": (
        """
async def work():
    for _ in range(4):
        time.sleep(0.01)
        await asyncio.sleep(0)
async def block():
    await asyncio.sleep(0.05)
    time.sleep(0.06)
async def main():
    await asyncio.gather(*(work() for _ in range({n})), *(block() for _ in range({n})))
asyncio.run(main())
""",
        {"starved", "blocked"},
    ),
    "many that were forgotten": (
        """
async def fails():
    raise ValueError
async def main():
    for _ in range({n}):
        asyncio.create_task(fails())
        await asyncio.sleep(0.01)
asyncio.run(main())
""",
        {"never-retrieved"},
    ),
    "many that were left behind": (
        """
async def left():
    await asyncio.get_running_loop().create_future()
def outside():
    loop = asyncio.new_event_loop()
    task = loop.create_task(left())
    loop.call_soon(loop.stop)
    loop.run_forever()
    loop.close()
for _ in range({n}):
    outside()
""",
        {"destroyed-pending"},
    ),
    "many programs that leave a task": (
        """
async def left():
    await asyncio.sleep(1)
async def main():
    task = asyncio.create_task(left())
    await asyncio.sleep(0.01)
for _ in range({n}):
    asyncio.run(main())
""",
        {"pending"},
    ),
    "many that wait for one who swallows": (
        """
async def child():
    for _ in range({n}):
        try:
            await asyncio.sleep(0.001)
        except asyncio.CancelledError:
            pass
async def innocent(task):
    await task
async def main():
    task = asyncio.create_task(child())
    tasks = [asyncio.create_task(innocent(task)) for _ in range({n})]
    await asyncio.sleep(0.01)
    for each in tasks:
        each.cancel()
        await asyncio.sleep(0)
    await asyncio.wait(tasks)
asyncio.run(main())
""",
        {"swallowed", "busy"},
    ),
    "many conditions that were notified too early": (
        """
async def late(condition):
    async with condition:
        await condition.wait()
async def main():
    conditions = [asyncio.Condition() for _ in range({n})]
    for condition in conditions:
        async with condition:
            condition.notify()
    await asyncio.gather(*map(late, conditions))
asyncio.run(main())
""",
        {"deadlock", "lost-wakeup"},
    ),
    "many awaits in turn": (
        "async def query(k):\n    await asyncio.sleep(0.001)\nasync def main():\n{lines}asyncio.run(main())\n",
        {"in-turn"},
    ),
}


class Counter:
    """Counts the instructions of functions of the analysis, and the items of lists that count too."""

    def __init__(self) -> None:
        self.count = 0

    def of(self, work: Callable[[], object]) -> None:
        before = sys.gettrace()
        sys.settrace(self._called)
        try:
            work()
        finally:
            sys.settrace(before)

    def _called(self, frame: FrameType, event: str, about: Any) -> Callable[..., Any] | None:
        if not frame.f_globals.get("__name__", "").startswith("loopscope.analysis"):
            return None
        frame.f_trace_lines = False
        frame.f_trace_opcodes = True
        return self._stepped

    def _stepped(self, frame: FrameType, event: str, about: Any) -> Callable[..., Any]:
        self.count += 1
        return self._stepped


class Counted(list[T]):
    """A list that tells how many of its items are read."""

    counter: Counter

    def __iter__(self) -> Iterator[T]:
        for item in super().__iter__():
            self.counter.count += 1
            yield item

    @overload
    def __getitem__(self, key: SupportsIndex) -> T: ...
    @overload
    def __getitem__(self, key: slice) -> list[T]: ...
    def __getitem__(self, key: SupportsIndex | slice) -> T | list[T]:
        found = super().__getitem__(key)
        self.counter.count += len(found) if isinstance(key, slice) and isinstance(found, list) else 1
        return found

    def index(self, *args: Any) -> int:
        found = super().index(*args)
        self.counter.count += found
        return found


def counted(items: list[T], counter: Counter) -> Counted[T]:
    found = Counted(items)
    found.counter = counter
    return found


def cost(source: str) -> tuple[dict[str, int], set[str]]:
    """What each part of the analysis of a run costs, and what is found in it."""
    data, _ = record(source)
    spent: dict[str, int] = {}
    found: set[str] = set()
    for check in CHECKS:
        told: list[Finding] = []
        spent[check.__module__] = _cost(data, lambda trace: told.extend(check(trace, source)))  # noqa: B023
        found |= {each.kind for each in told}
    return {**spent, "critical path": _cost(data, critical_path), "narration": _cost(data, narrate)}, found


def _cost(data: bytes, part: Callable[[Trace], object]) -> int:
    trace, counter = Trace.read(data), Counter()
    trace.rows = counted(trace.rows, counter)
    for task in trace.tasks.values():
        task.steps = counted(task.steps, counter)
    counter.of(lambda: part(trace))
    return counter.count


def program(name: str, n: int) -> str:
    lines = "".join(f"    v{k} = await query({k})\n" for k in range(n))
    return "import asyncio, time\n" + PROGRAMS[name][0].format(n=n, lines=lines)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_cost_of_analysis_grows_with_the_length_of_a_run_not_with_its_square(name: str) -> None:
    small, _ = cost(program(name, SIZE))
    large, found = cost(program(name, SIZE * TIMES))
    assert found == PROGRAMS[name][1]
    assert {part: large[part] / small[part] for part in small if large[part] > MOST * small[part]} == {}


def test_what_is_computed_once_is_kept_with_the_trace_it_is_of() -> None:
    made: list[Trace] = []

    @traces.once
    def length(trace: Trace) -> int:
        made.append(trace)
        return len(trace.rows)

    data, _ = record("print('x')")
    one, other = Trace.read(data), Trace.read(data)
    assert [length(one), length(one), length(other)] == [len(one.rows)] * 3
    assert made == [one, other]
