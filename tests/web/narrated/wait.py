import asyncio


async def fast():
    await asyncio.sleep(0.01)


async def slow():
    await asyncio.sleep(0.05)


async def main():
    tasks = [asyncio.create_task(fast()), asyncio.create_task(slow())]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.wait(tasks, timeout=0.02)
    tasks[1].cancel("too slow")
    await asyncio.wait(tasks)


asyncio.run(main())
