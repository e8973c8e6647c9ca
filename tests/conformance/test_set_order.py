"""Where CPython's order hangs on addresses, the virtual clock's is the order of creation, in every interpreter."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from conformance.servers import Native, Pyodide, Server

COUNT = 40  # tasks: enough that the smallest sets' order is no accident
NUMBERS = list(range(COUNT))

CHILD = """
import asyncio

async def child(n):
    try:
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        print(n, end=" ")
        raise

def make(function, *numbers):
    return [asyncio.create_task(function(n), name=str(n)) for n in numbers or range(40)]

async def quick(n):
    await asyncio.sleep(0)
    return n
"""

GROUP = """
async def main():
    async with asyncio.TaskGroup() as group:
        for n in range(40):
            group.create_task(child(n))
        await asyncio.sleep(0)
        raise ValueError

try:
    asyncio.run(main())
except* ValueError:
    pass
"""

LAST_CANCEL = """
async def main():
    make(child)
    await asyncio.sleep(0)

asyncio.run(main())
"""

AS_COMPLETED = """
async def main():
    for first in asyncio.as_completed([quick(n) for n in range(40)]):
        print(await first, end=" ")

asyncio.run(main())
"""

WAIT = """
async def main():
    done, pending = await asyncio.wait(reversed(make(quick)))
    for task in done:
        print(task.result(), end=" ")

asyncio.run(main())
"""

WAIT_PENDING = """
async def main():
    done, pending = await asyncio.wait(reversed(make(child)), timeout=0.1)
    for task in pending:
        print(task.get_name(), end=" ")

asyncio.run(main())
print(end="| ")
"""

ALL_TASKS = """
async def main():
    make(quick)
    print(*(task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()))

asyncio.run(main())
"""

FUTURES = """
async def main():
    futures = [asyncio.get_running_loop().create_future() for _ in range(40)]
    for future in futures:
        future.set_result(None)
    done, pending = await asyncio.wait(futures)
    print(*(futures.index(future) for future in done))

asyncio.run(main())
"""

GENERATORS = """
async def numbers(n):
    try:
        yield n
    finally:
        print(n, end=" ")

async def main():
    global kept
    kept = [numbers(n) for n in range(40)]
    for generator in kept:
        await anext(generator)

asyncio.run(main())
"""

SUBCLASS = """
class Task(asyncio.Task):
    pass

async def main():
    asyncio.get_running_loop().set_task_factory(lambda loop, coro, **options: Task(coro, loop=loop, **options))
    make(child)
    await asyncio.sleep(0)

asyncio.run(main())
"""

EAGER = """
async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    async with asyncio.TaskGroup() as group:
        for n in range(40):
            group.create_task(child(n))
        raise ValueError

try:
    asyncio.run(main())
except* ValueError:
    pass
"""

EAGER_AS_COMPLETED = """
async def done(n):
    return n

async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    for _ in range(100):
        await asyncio.create_task(done(0))
    for first in asyncio.as_completed([done(n) for n in range(40)]):
        print(await first, end=" ")

asyncio.run(main())
"""

PROGRAMS = {
    "TaskGroup's abort": GROUP,
    "asyncio.run's last cancel-all": LAST_CANCEL,
    "as_completed given coroutines": AS_COMPLETED,
    "wait's done": WAIT,
    "wait's pending": WAIT_PENDING,
    "all_tasks": ALL_TASKS,
    "wait given futures": FUTURES,
    "generators left open": GENERATORS,
    "tasks of a subclass": SUBCLASS,
    "eager tasks": EAGER,
    "as_completed given what is done": EAGER_AS_COMPLETED,
}
SINCE_312 = ("eager tasks", "as_completed given what is done")
TO_DO = {"as_completed given what is done": "the set it makes of its tasks is the builtin"}

SETS = """
async def main():
    tasks = make(quick)
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for together in (done | pending, set(tasks), {*tasks[::-1]}, done - pending, done & set(tasks)):
        print(*(task.get_name() for task in together))

asyncio.run(main())
"""


@pytest.fixture(scope="module", params=["native", "native, untraced", "Pyodide", "Pyodide, untraced"])
def server(request: pytest.FixtureRequest) -> Iterator[tuple[Server, bool, bool]]:
    name: str = request.param
    server = Native() if name.startswith("native") else Pyodide()
    yield server, "untraced" not in name, name.startswith("Pyodide")
    server.close()


@pytest.mark.parametrize("name", PROGRAMS)
def test_order_of_creation(
    name: str, server: tuple[Native | Pyodide, bool, bool], request: pytest.FixtureRequest
) -> None:
    interpreter, traced, in_pyodide = server
    if name in SINCE_312 and not in_pyodide and sys.version_info < (3, 12):
        pytest.skip("needs CPython 3.12")
    if name in TO_DO:
        request.applymarker(pytest.mark.xfail(reason=TO_DO[name], strict=True))
    interpreter.ask(CHILD + PROGRAMS[name], "loopscope", traced)
    answer = interpreter.take()
    assert answer.end == "exit 0", answer
    assert [int(word) for word in answer.stdout.partition("|")[0].split()][:COUNT] == NUMBERS


def test_the_programs_own_sets_are_alike_everywhere() -> None:
    answers = []
    for server in (Native(), Pyodide()):
        server.ask(CHILD + SETS)
        answers.append(server.take())
        server.close()
    assert answers[0] == answers[1]
