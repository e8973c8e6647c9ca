"""Virtual time: whatever tells a program the time agrees with the loop's clock, and classes stay what they are."""

from __future__ import annotations

import datetime
import time

import pytest
from loopscope.clock import VirtualClock
from loopscope.loop import installed, loop_class
from loopscope.parking import PASS
from loopscope.program import run_program
from loopscope.session import ThreadHost
from loopscope.virtual import virtual_time


def test_a_programs_own_dates_are_told_apart_from_others() -> None:
    with virtual_time(VirtualClock(), 0):

        class My(datetime.datetime):
            pass

        class Day(datetime.date):
            pass

        mine, plain = My(2020, 1, 1), datetime.datetime(2020, 1, 1)
        assert isinstance(mine, My)
        assert isinstance(mine, datetime.datetime)
        assert isinstance(mine, datetime.date)
        assert not isinstance(plain, My)
        assert not isinstance(datetime.date(2020, 1, 1), Day)
        assert issubclass(My, datetime.datetime)
        assert issubclass(My, datetime.date)
        assert not issubclass(datetime.datetime, My)
        assert not issubclass(datetime.date, Day)
        assert repr(mine).endswith("My(2020, 1, 1, 0, 0)")
        assert not repr(mine).startswith("datetime.")
        assert repr(Day(2020, 1, 1)).endswith("Day(2020, 1, 1)")
        assert not repr(Day.today()).startswith("datetime.")
        assert repr(plain) == "datetime.datetime(2020, 1, 1, 0, 0)"
        assert repr(datetime.date.today()) == "datetime.date(2026, 1, 1)"
        assert isinstance(datetime.datetime.fromisoformat("2020-01-01"), datetime.datetime)
        assert My.now() == My(2026, 1, 1) + (My.now() - My(2026, 1, 1))


@pytest.mark.skipif(not hasattr(time, "clock_gettime"), reason="this platform has one clock less")
def test_every_clock_of_the_time_module_is_the_loops() -> None:
    clock = VirtualClock()
    with virtual_time(clock, 0):
        time.sleep(1.5)
        assert time.clock_gettime(time.CLOCK_REALTIME) == time.time()
        assert time.clock_gettime_ns(time.CLOCK_REALTIME) == time.time_ns()
        assert time.clock_gettime(time.CLOCK_MONOTONIC) == time.monotonic() == 1.5
        assert time.clock_gettime_ns(time.CLOCK_MONOTONIC) == 1_500_000_000
        with pytest.raises(OSError, match="Invalid argument"):
            time.clock_gettime(12_345)


@pytest.mark.parametrize(
    ("seconds", "refused"),
    [
        (float("nan"), (ValueError, r"Invalid value NaN \(not a number\)")),
        (float("inf"), (OverflowError, "timestamp too large to convert to C PyTime_t")),
        (1e300, (OverflowError, "timestamp too large")),
        (-1, (ValueError, "sleep length must be non-negative")),
    ],
)
def test_what_nobody_can_sleep_is_refused(seconds: float, refused: tuple[type[Exception], str]) -> None:
    clock = VirtualClock()
    with virtual_time(clock, 0), pytest.raises(refused[0], match=refused[1]):
        time.sleep(seconds)
    assert clock.now == 0


BUSY = """
import asyncio
async def main():
    loop = asyncio.get_running_loop()
    for _ in range(6):
        loop.call_later(100, int)
        for _ in range(60):
            await asyncio.sleep(0)
        await asyncio.sleep(0.1)
    print(loop.time())
asyncio.run(main())
"""


@pytest.mark.parametrize("pace", [0, 1000])
def test_pace_changes_no_time_of_a_loop_that_rests_now_and_then(pace: float) -> None:
    said: list[str] = []
    host = ThreadHost()
    clock = VirtualClock()
    with installed(loop_class(clock, host, pace=pace)):
        run_program(BUSY, lambda how, text: said.append(text))
    assert float("".join(said)) == pytest.approx(0.6, abs=PASS / 2)
