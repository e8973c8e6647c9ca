# A cancellation arrives at the next wait; it may be caught, counted and taken back.
import asyncio

async def stubborn():
    for attempt in range(3):
        try:
            await asyncio.sleep(1)
        except asyncio.CancelledError as error:
            print("caught", error.args, asyncio.current_task().cancelling())
    return "finished"

async def main():
    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    print(task.cancel("once"), task.cancel("twice"))
    await asyncio.sleep(0)
    print(task.cancelling(), task.uncancel(), task.uncancel(), task.uncancel())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    print(await task, task.cancelled(), task.cancel())

    early = asyncio.create_task(stubborn())
    early.cancel("before its first step")
    try:
        await early
    except asyncio.CancelledError as error:
        print("early", error.args, early.cancelled())

asyncio.run(main())
