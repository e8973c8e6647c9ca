"""The critical path: it reaches from a run's begin to its end, each stretch from where the one before ends."""

from __future__ import annotations

import itertools
import os
import random

import pytest
from conformance.drawn import drawn
from engines import trace_of
from loopscope.analysis.critical import CLOSING, MOST, Link, critical_path
from loopscope.analysis.trace import Trace, events
from loopscope.network import Network
from loopscope.protocol import Kind
from loopscope.session import Session

RANDOM = 150
CHOSEN = os.environ.get("LOOPSCOPE_SEED") or "1"
SEED = str(random.randrange(10**6)) if CHOSEN == "random" else CHOSEN


def path(source: str) -> list[Link]:
    """The stretches of a program's path, checked."""
    return checked(trace_of(f"import asyncio, time\n{source}"))


def checked(trace: Trace) -> list[Link]:
    links = critical_path(trace)
    if links:
        end = trace.rows[events(trace)[Kind.EXIT][-1]].t
        assert links[-1].end == pytest.approx(end, abs=CLOSING)
        assert links[0].begin == 0 or len(links) > MOST
    for link, following in itertools.pairwise(links):
        assert link.end == pytest.approx(following.begin, abs=1e-9), f"{link} {following}"
    assert all(link.begin <= link.end for link in links)
    return links


def told(source: str) -> list[str]:
    """The stretches that took time, in words."""
    return [link.text for link in path(source) if link.end > link.begin]


def test_what_is_between_two_loops_is_on_the_path() -> None:
    assert told("""
async def first(): await asyncio.sleep(1)
async def second(): await asyncio.sleep(2)
time.sleep(4)
asyncio.run(first())
time.sleep(3)
asyncio.run(second())
time.sleep(5)
""") == [
        "The program itself runs for 4 s before its loop begins.",
        "first waits 1 s for sleep(1), line 3.",
        "The program itself runs for 3 s outside of its loops.",
        "second waits 2 s for sleep(2), line 4.",
        "The program itself runs for 5 s outside of its loops.",
    ]


def test_what_is_left_when_main_is_done_is_on_the_path_if_the_loops_end_waits_for_it() -> None:
    assert told("""
async def slow():
    try:
        await asyncio.sleep(100)
    finally:
        await asyncio.sleep(2)
async def main():
    left = asyncio.create_task(slow())
    await asyncio.sleep(1)
asyncio.run(main())
""") == ["main waits 1 s for sleep(1), line 10.", "slow waits 2 s for sleep(2), line 7."]


def test_a_timer_is_on_the_path_from_when_it_was_armed() -> None:
    assert told("""
async def main():
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    loop.call_later(5, done.set_result, None)
    await asyncio.sleep(3)
    await done
    try:
        async with asyncio.timeout(10):
            for _ in range(6):
                await asyncio.sleep(2)
    except TimeoutError:
        pass
    again = loop.create_future()
    loop.call_later(1, lambda: loop.call_later(1, again.set_result, None))
    await again
asyncio.run(main())
""") == [
        "A timer that main armed, line 6, runs for 5 s; meanwhile main waits for a future, line 8.",
        "A timeout that main set, line 10, runs for 10 s; then it cancels main, which waits for sleep(2), line 12.",
        "A timer that main armed, line 16, runs for 1 s.",
        "A timer that a callback armed, line 16, runs for 1 s; meanwhile main waits for a future, line 17.",
    ]


def test_a_gather_in_a_gather_hands_on_whose_end_it_was() -> None:
    texts = [
        link.text
        for link in path("""
async def leaf(): await asyncio.sleep(2)
async def long(): await asyncio.sleep(3)
async def main():
    await asyncio.gather(asyncio.gather(leaf(), asyncio.gather(leaf(), long())), leaf())
asyncio.run(main())
""")
    ]
    assert texts == [
        "main starts long, line 6.",
        "long waits 3 s for sleep(3), line 4.",
        "long ends, and main goes on.",
    ]


def test_a_run_is_on_the_path_until_it_had_woken_who_comes_next() -> None:
    assert told("""
async def waiter(event):
    await event.wait()
async def main():
    event = asyncio.Event()
    task = asyncio.create_task(waiter(event))
    await asyncio.sleep(1)
    time.sleep(1)
    event.set()
    time.sleep(3)
    await task
asyncio.run(main())
""") == [
        "main waits 1 s for sleep(1), line 8.",
        "main runs for 1 s from line 8; nobody else has a turn.",
        "waiter is ready, and waits 3 s for its turn behind main.",
    ]


def test_what_is_sent_is_on_the_path_while_it_is_on_the_way() -> None:
    frames: list[bytes] = []
    session = Session(frames.append, cpu=lambda: 0.0, network=Network(latency=0.2))
    session.run("""
import asyncio
async def answer(reader, writer):
    line = await reader.readline()
    await asyncio.sleep(1)
    writer.write(line)
    writer.close()
async def main():
    async with await asyncio.start_server(answer, "127.0.0.1", 8888):
        reader, writer = await asyncio.open_connection("127.0.0.1", 8888)
        writer.write(b"hello\\n")
        await reader.readline()
        writer.close()
        await writer.wait_closed()
asyncio.run(main())
""")
    links = checked(Trace.read(b"".join(frames)))
    assert [link.text for link in links if link.end > link.begin] == [
        "What main sent, line 10, takes 400 ms to come.",
        "What a callback sent takes 200 ms to come.",
        "answer waits 1 s for sleep(1), line 5.",
        "What answer sent, line 6, takes 200 ms to come.",
    ]


class Drawn:
    """A random program in which time passes in every way that there is."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)
        self.tasks = 0

    def seconds(self) -> str:
        return f"{self.random.randint(0, 50) / 10}"

    def statement(self, depth: int) -> list[str]:
        one, other = self.seconds(), self.seconds()
        calls = (
            [f"work{self.random.randint(depth, 3)}()" for _ in range(3)]
            if depth < 4
            else ["asyncio.sleep(1)"]
        )
        plain = [
            [f"await asyncio.sleep({one})"],
            [f"time.sleep({one})"],
            ["event.set()", f"time.sleep({one})", "event.clear()"],
            ["await asyncio.wait([asyncio.ensure_future(event.wait())], timeout=2)"],
            ["async with lock:", f"    await asyncio.sleep({one})"],
            [f"await asyncio.to_thread(time.sleep, {one})"],
            [f"asyncio.create_task(left({one}, {other}))"],
            ["later = loop().create_future()", f"loop().call_later({one}, later.set_result, 1)",
             f"await asyncio.sleep({other})", "await later"],
            ["later = loop().create_future()",
             f"loop().call_later({one}, loop().call_later, {other}, later.set_result, 1)",
             "loop().call_soon(time.sleep, 1)", "await later"],
            [f"try: await asyncio.wait_for(asyncio.sleep({one}), {other})", "except TimeoutError: pass"],
            [f"await asyncio.gather({', '.join(calls)})"],
            [f"await asyncio.gather({calls[0]}, asyncio.gather({', '.join(calls)}))"],
            ["async with asyncio.TaskGroup() as group:", *(f"    group.create_task({call})" for call in calls)],
            [f"await {calls[0]}"],
        ]  # fmt: skip
        lines = self.random.choice(plain)
        if self.random.random() < 0.2:
            lines = ["try:", f"    async with asyncio.timeout({one}):", *(f"        {line}" for line in lines),
                     "except TimeoutError:", f"    await asyncio.sleep({other})"]  # fmt: skip
        return lines

    def program(self) -> str:
        lines = ["import asyncio, time", "def loop(): return asyncio.get_running_loop()"]
        lines += ["async def left(one, other):", "    try: await asyncio.sleep(one)"]
        lines += ["    finally: await asyncio.sleep(other)"]
        for depth in range(4):
            body = [line for _ in range(self.random.randint(1, 3)) for line in self.statement(depth + 1)]
            lines += [f"async def work{depth}():", *(f"    {line}" for line in body)]
        for _ in range(self.random.randint(1, 2)):
            lines += ["lock, event = asyncio.Lock(), asyncio.Event()", f"time.sleep({self.seconds()})"]
            lines += [f"asyncio.run(work{self.random.randint(0, 1)}())"]
        return "\n".join([*lines, f"time.sleep({self.seconds()})", ""])


@pytest.mark.parametrize("number", range(RANDOM))
def test_the_path_of_random_programs_reaches_from_begin_to_end(number: int) -> None:
    source = Drawn(f"{SEED} {number}").program()
    assert checked(trace_of(source)), f"LOOPSCOPE_SEED={SEED}\n{source}"


def test_the_path_of_drawn_programs_reaches_from_begin_to_end() -> None:
    paths = [checked(trace_of(source)) for source in drawn(60, 4, (3, 11))]
    assert any(paths)
