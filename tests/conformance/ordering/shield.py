# A shield lets its waiter be cancelled and its inner task run on.
import asyncio

async def inner():
    try:
        await asyncio.sleep(0.02)
        print("inner is done")
        return "result"
    except asyncio.CancelledError:
        print("inner is cancelled")
        raise

async def outer(task):
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        print("outer is cancelled; inner done:", task.done())
        return await task

async def main():
    task = asyncio.create_task(inner())
    waiter = asyncio.create_task(outer(task))
    await asyncio.sleep(0.01)
    waiter.cancel()
    print(await waiter)
    again = asyncio.create_task(inner())
    shielded = asyncio.shield(again)
    await asyncio.sleep(0)
    again.cancel()
    try:
        await shielded
    except asyncio.CancelledError:
        print("cancelled inside", shielded.cancelled())

asyncio.run(main())
