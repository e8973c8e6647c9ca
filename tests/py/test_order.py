"""Sets of tasks: where their order may have decided it is told, and nowhere else."""

from __future__ import annotations

import base64
import textwrap

import pytest
from engines import run_in_pyodide, trace_of
from loopscope.analysis.trace import Trace
from loopscope.protocol import Kind
from loopscope.tracer import SET_ORDER

BEGIN = """\
import asyncio
async def child(delay, error=None):
    await asyncio.sleep(delay)
    if error: raise error
    return delay
async def numbers():
    yield 1
    yield 2
def three():
    return [asyncio.create_task(child(n)) for n in (.1, .2, .3)]
"""

NOTHING_DECIDED = {
    "waiting for the first, again and again": """
        async def main():
            pending = three()
            while pending:
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                print(done.pop().result())
    """,
    "an abort with one unfinished": """
        async def main():
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(child(.1, ValueError()))
                    group.create_task(child(.1, TypeError()))
                    group.create_task(child(1))
            except ExceptionGroup as group:
                print(group)
    """,
    "generators that have ended": """
        async def main():
            first, second = numbers(), numbers()
            print([n async for n in first], [n async for n in second])
            globals().update(first=first, second=second)
    """,
    "unfinished tasks as they complete": """
        async def main():
            for each in asyncio.as_completed(three()):
                print(await each)
            for each in asyncio.as_completed({asyncio.create_task(child(.1)), asyncio.create_task(child(.2))}):
                print(await each)
    """,
    "one task left at the end": """
        async def main():
            globals()["left"] = asyncio.create_task(child(10))
    """,
}

MAY_HAVE_DECIDED = {
    "an abort with two unfinished": """
        async def main():
            async with asyncio.timeout(1):
                async with asyncio.TaskGroup() as group:
                    group.create_task(child(10))
                    group.create_task(child(10))
    """,
    "open generators": """
        async def main():
            globals()["kept"] = kept = [numbers(), numbers()]
            for each in kept:
                await anext(each)
    """,
    "coroutines as they complete": """
        async def main():
            for each in asyncio.as_completed([child(.1), child(.1)]):
                print(await each)
    """,
    "finished tasks as they complete": """
        async def main():
            tasks = three()
            await asyncio.sleep(1)
            for each in asyncio.as_completed(tasks):
                print(await each)
    """,
    "two tasks left at the end": """
        async def main():
            globals()["left"] = three()
    """,
    "what wait found": """
        async def main():
            done, _ = await asyncio.wait(three())
            for each in done:
                print(each.result())
    """,
}


def source_of(program: str) -> str:
    return BEGIN + textwrap.dedent(program) + "asyncio.run(main())\n"


def is_told(trace: Trace) -> bool:
    return any(row.kind == Kind.NOTE and trace.text(row.aux) == SET_ORDER for row in trace.rows)


@pytest.mark.parametrize("case", NOTHING_DECIDED)
def test_an_order_that_decides_nothing_is_not_told(case: str) -> None:
    assert not is_told(trace_of(source_of(NOTHING_DECIDED[case])))


@pytest.mark.parametrize("case", MAY_HAVE_DECIDED)
def test_an_order_that_may_have_decided_is_told(case: str) -> None:
    assert is_told(trace_of(source_of(MAY_HAVE_DECIDED[case])))


def test_it_is_the_same_in_pyodide() -> None:
    job = "import base64, loopscope\nresult = base64.b64encode(loopscope.record({!r})[0]).decode()"
    cases = NOTHING_DECIDED | MAY_HAVE_DECIDED
    traces = run_in_pyodide([job.format(source_of(program)) for program in cases.values()])
    told = [
        case
        for case, data in zip(cases, traces, strict=True)
        if is_told(Trace.read(base64.b64decode(str(data))))
    ]
    assert told == list(MAY_HAVE_DECIDED)
