"""The workloads: programs that define `main()`, and how many operations one run of it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Workload:
    """`source` runs `operations` operations in `main()`; with `result`, that returns something JSON can hold."""

    name: str
    operations: int
    source: str


SWITCHES: Final = Workload(
    "switches",
    100_000,
    """\
import asyncio


async def worker():
    for _ in range(10_000):
        await asyncio.sleep(0)


async def main():
    await asyncio.gather(*[worker() for _ in range(10)])
""",
)

CALLBACKS: Final = Workload(
    "callbacks",
    100_000,
    """\
import asyncio


async def main():
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    open_chains = 10

    def tick(left):
        nonlocal open_chains
        if left:
            loop.call_soon(tick, left - 1)
        else:
            open_chains -= 1
            if not open_chains:
                done.set_result(None)

    for _ in range(10):
        loop.call_soon(tick, 9_999)
    await done
""",
)

# Delays of 4 to 9 ms in mixed order, so that the heap has work to do: 48,271 and 10,000 have no common divisor.
TIMERS: Final = Workload(
    "timers",
    10_000,
    """\
import asyncio


async def main():
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    left = 10_000

    def fire():
        nonlocal left
        left -= 1
        if not left:
            done.set_result(None)

    for k in range(10_000):
        loop.call_later(0.004 + k * 48_271 % 10_000 * 5e-7, fire)
    await done
""",
)

HANDOVERS: Final = Workload(
    "queue hand-overs",
    40_000,
    """\
import asyncio


async def produce(queue):
    for number in range(40_000):
        await queue.put(number)


async def consume(queue):
    for _ in range(40_000):
        await queue.get()


async def main():
    queue = asyncio.Queue(1)
    await asyncio.gather(produce(queue), consume(queue))
""",
)

WORKLOADS: Final = (SWITCHES, CALLBACKS, TIMERS, HANDOVERS)


def timer_errors(delay: float, times: int) -> Workload:
    """Arms one timer after the other; `main()` returns how late each fired, seconds."""
    return Workload(
        f"timer error at {delay * 1000:g} ms",
        times,
        f"""\
import asyncio


async def main():
    loop = asyncio.get_running_loop()
    errors = []

    def fire(due, fired):
        errors.append(loop.time() - due)
        fired.set_result(None)

    for _ in range({times}):
        fired = loop.create_future()
        due = loop.time() + {delay}
        loop.call_at(due, fire, due, fired)
        await fired
    return errors
""",
    )
