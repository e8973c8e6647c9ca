import asyncio


async def one():
    await asyncio.sleep(0.02)
    return 1


async def two():
    await asyncio.sleep(0.01)
    return 2


async def main():
    tasks = [asyncio.create_task(one()), asyncio.create_task(two())]
    for done in asyncio.as_completed(tasks):
        print(await done)


asyncio.run(main())
