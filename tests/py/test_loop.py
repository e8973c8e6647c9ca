"""The loop: CPython's order, where it waits, and what its host sees."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable

import pytest
from loopscope.clock import RealClock, VirtualClock
from loopscope.loop import installed, loop_class
from loopscope.parking import NothingWillHappen
from loopscope.primitives import watched
from loopscope.promises import PromiseFuture, PromiseLoop
from loopscope.protocol import How, Kind, unpack_frames
from loopscope.session import ThreadHost
from loopscope.tracer import Tracer


class ScriptedHost(ThreadHost):
    """Notes how it was asked to wait; wakes the loop by what the test has to say."""

    def __init__(self, *events: Callable[[], object]) -> None:
        super().__init__()
        self.events = list(events)
        self.parks: list[float | None] = []

    def park(self, timeout: float | None) -> bool:
        self.parks.append(timeout)
        if self.events:
            self.events.pop(0)()
            return True
        return super().park(timeout)


def run(main: Callable[[], object], host: ThreadHost | None = None, clock: object = None) -> object:
    with installed(loop_class(clock or VirtualClock(), host or ThreadHost())):
        return asyncio.run(main())  # type: ignore[arg-type]


def test_timers_keep_cpythons_order() -> None:
    said: list[str] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(0.002, said.append, "2 ms")
        loop.call_later(0.001, said.append, "1 ms")
        loop.call_later(0, said.append, "zero")
        loop.call_later(-1, said.append, "negative")
        loop.call_soon(said.append, "soon")
        cancelled = loop.call_later(0.001, said.append, "cancelled")
        cancelled.cancel()
        await asyncio.sleep(0.01)

    run(main)
    assert said == ["soon", "negative", "zero", "1 ms", "2 ms"]


def test_virtual_time_jumps_and_is_exact() -> None:
    async def main() -> list[float]:
        loop = asyncio.get_running_loop()
        times = [loop.time()]
        for delay in (3600, 0.1, 0.2):
            await asyncio.sleep(delay)
            times.append(loop.time())
        return times

    assert run(main) == [0, 3600, 3600 + 0.1, 3600 + 0.1 + 0.2]


def test_a_day_and_more_passes_in_one_jump() -> None:
    async def main() -> float:
        await asyncio.sleep(10 * 24 * 3600)
        return asyncio.get_running_loop().time()

    assert run(main) == 10 * 24 * 3600


def test_the_real_clock_asks_the_host_to_wait() -> None:
    host = ScriptedHost()

    async def main() -> float:
        begin = time.monotonic()
        await asyncio.sleep(0.02)
        return time.monotonic() - begin

    took = run(main, host, RealClock())
    assert isinstance(took, float)
    assert took >= 0.02
    assert [0 < (park or 0) <= 0.02 for park in host.parks] == [True]


def test_what_is_scheduled_while_parked_wakes_the_loop() -> None:
    host = ScriptedHost()
    said: list[str] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        host.events = [
            lambda: loop.call_soon(said.append, "from outside"),
            lambda: future.set_result(None),
        ]
        await future

    run(main, host)
    assert said == ["from outside"]
    assert host.parks == [None, None]


def test_a_wait_that_nothing_can_end_is_told() -> None:
    async def main() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(NothingWillHappen):
        run(main)


def test_executor_jobs_run_in_a_later_turn_in_order() -> None:
    said: list[str] = []

    async def main() -> object:
        first = asyncio.get_running_loop().run_in_executor(None, said.append, "job")
        said.append("after asking")
        second = asyncio.to_thread(lambda: 1 // 0)
        await first
        with pytest.raises(ZeroDivisionError):
            await second
        return said

    assert run(main) == ["after asking", "job"]


def test_the_loop_is_asyncios_for_run_runner_and_new_event_loop() -> None:
    cls = loop_class(VirtualClock(), ThreadHost())

    async def main() -> type:
        return type(asyncio.get_running_loop())

    stock = asyncio.new_event_loop()
    stock.close()
    with installed(cls):
        assert asyncio.run(main()) is cls
        with asyncio.Runner() as runner:
            assert runner.run(main()) is cls
        loop = asyncio.new_event_loop()
        assert type(loop) is cls
        loop.close()
    after = asyncio.new_event_loop()
    assert type(after) is type(stock)
    after.close()


def test_a_loop_that_never_rests_lets_virtual_time_pass() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        loop.call_later(0.01, done.set_result, None)
        turns = 0
        while not done.done():
            await asyncio.sleep(0)
            turns += 1
        # 100 passes are free, each of the others takes 10 µs.
        assert (turns, round(loop.time(), 6)) == (1101, 0.01)

    run(main)


class Breathing(ThreadHost):
    """Counts the turns it gets while the loop is busy."""

    def __init__(self) -> None:
        super().__init__()
        self.breaths = 0

    def breathe(self) -> None:
        self.breaths += 1


def test_a_busy_loop_lets_its_host_in_after_the_program_was_held_for_long() -> None:
    host, clock = Breathing(), RealClock()
    clock.held = 1000.0

    async def main() -> None:
        for _ in range(10):
            time.sleep(0.003)  # noqa: ASYNC251  # it works for so long
            await asyncio.sleep(0)

    run(main, host, clock)
    assert host.breaths


def test_what_comes_from_outside_is_ready_when_it_comes_and_virtual_time_stands_at_that_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = [0.0]
    monkeypatch.setattr("loopscope.clock.monotonic", lambda: real[0])
    frames: list[bytes] = []
    promises: list[PromiseFuture] = []

    def settles_after_50_ms() -> None:
        real[0] += 0.05
        promises[0].set_result("settled")
        real[0] += 0.02  # until the loop has its turn

    clock = VirtualClock()
    tracer = Tracer(clock, frames.append)

    async def main() -> object:
        promises.append(PromiseFuture(loop=asyncio.get_running_loop()))
        return await promises[0]

    with installed(loop_class(clock, ScriptedHost(settles_after_50_ms), tracer)):
        assert asyncio.run(main()) == "settled"
    tracer.flush()
    rows = [row for frame in frames for _, rows in unpack_frames(frame) for row in rows]
    [idle] = [row for row in rows if row.kind is Kind.IDLE]
    resumed = [row for row in rows if row.kind is Kind.STEP][1]
    assert (idle.t, idle.end, resumed.ready, resumed.t) == (0.0, 0.05, 0.05, 0.05)


def test_an_interrupt_that_ends_a_wait_is_told_at_the_moment_at_which_it_came(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = [0.0]
    monkeypatch.setattr("loopscope.clock.monotonic", lambda: real[0])
    frames: list[bytes] = []

    def pressed_after_50_ms() -> None:
        real[0] += 0.05
        signal.raise_signal(signal.SIGINT)
        real[0] += 0.02  # until the loop has its turn

    clock = VirtualClock()
    tracer = Tracer(clock, frames.append)
    host = ScriptedHost(pressed_after_50_ms)
    with (
        installed(loop_class(clock, host, tracer, pace=2)),
        watched(tracer),
        pytest.raises(KeyboardInterrupt),
    ):
        asyncio.run(asyncio.sleep(10))
    tracer.flush()
    rows = [row for frame in frames for _, rows in unpack_frames(frame) for row in rows]
    [asked] = [row for row in rows if row.kind is Kind.CANCEL and row.how is How.BY_STOP]
    [idle] = [row for row in rows if row.kind is Kind.IDLE]
    assert (asked.t, idle.t, idle.end) == (0.1, 0.0, 0.1)


def test_nothing_runs_in_an_executor_that_was_shut_down() -> None:
    async def main() -> str:
        loop = asyncio.get_running_loop()
        assert await loop.run_in_executor(None, len, "abc") == 3
        await loop.shutdown_default_executor()
        with pytest.raises(RuntimeError) as refused:
            await loop.run_in_executor(None, len, "abc")
        return str(refused.value)

    assert run(main) == "Executor shutdown has been called"


def test_timers_that_come_due_while_a_job_runs_are_heard_before_its_result() -> None:
    async def sleeper(said: list[str]) -> None:
        await asyncio.sleep(1)
        said.append("slept")

    async def main() -> list[str]:
        loop = asyncio.get_running_loop()
        said: list[str] = []
        clock: VirtualClock = loop.clock  # type: ignore[attr-defined]

        def job(fails: bool) -> str:
            clock.advance(2)
            if fails:
                raise ValueError
            return "result"

        begun = asyncio.create_task(sleeper(said))
        await asyncio.sleep(0)
        said.append(await asyncio.to_thread(job, False))
        await begun
        for limit, fails in ((1, False), (1, True), (3, False)):
            try:
                async with asyncio.timeout(limit):
                    said.append(await asyncio.to_thread(job, fails))
            except TimeoutError:
                said.append("timed out")
        return said

    assert run(main) == ["slept", "result", "timed out", "timed out", "result"]


def test_in_debug_mode_a_future_remembers_who_made_it() -> None:
    def asked_from_outside(make: Callable[[], asyncio.Future[object]]) -> asyncio.Future[object]:
        return make()

    async def main() -> list[str]:
        loop = asyncio.get_running_loop()
        loop.set_debug(True)
        made = [loop.create_future(), asked_from_outside(loop.create_future)]
        for future in made:
            future.cancel()
        return [future._source_traceback[-1].name for future in made]  # type: ignore[attr-defined]

    cls = loop_class(VirtualClock(), ThreadHost(), bases=(PromiseLoop,))
    with installed(cls):
        assert asyncio.run(main()) == ["create_future", "asked_from_outside"]
