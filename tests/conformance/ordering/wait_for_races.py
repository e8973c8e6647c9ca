# wait_for: in time, too late, at once, cancelled from outside, and a task that refuses.
import asyncio

async def work(name, delay):
    try:
        await asyncio.sleep(delay)
    except asyncio.CancelledError:
        print(name, "is cancelled")
        raise
    return name

async def refuse():
    try:
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        print("refuses")
        return "refused"

async def attempt(awaitable, timeout):
    try:
        print(await asyncio.wait_for(awaitable, timeout))
    except BaseException as error:
        print(repr(error), repr(error.__cause__))

async def main():
    await attempt(work("in time", 0.01), 0.03)
    await attempt(work("too late", 0.03), 0.01)
    await attempt(work("no time", 0), 0)
    await attempt(work("no limit", 0.01), None)
    await attempt(refuse(), 0.01)
    future = asyncio.get_running_loop().create_future()
    future.set_result("was done")
    await attempt(future, 0)
    outer = asyncio.create_task(attempt(work("inner", 1), 1))
    await asyncio.sleep(0.01)
    outer.cancel()
    await asyncio.wait([outer])

asyncio.run(main())
