import asyncio


async def stubborn():
    task = asyncio.current_task()
    try:
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        print(task.cancelling(), "requests,", task.uncancel(), "left")
    await asyncio.sleep(1)


async def parent(task):
    await task


async def main():
    task = asyncio.create_task(stubborn())
    waiting = asyncio.create_task(parent(task))
    await asyncio.sleep(0.1)
    waiting.cancel()
    waiting.cancel()
    print(task.cancelling())
    await asyncio.wait([waiting])


asyncio.run(main())
