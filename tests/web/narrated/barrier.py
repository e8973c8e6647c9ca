import asyncio


async def hike(start):
    await start.wait()


async def main():
    start = asyncio.Barrier(3)
    async with asyncio.TaskGroup() as group:
        for name in ("Ada", "Bob", "Cleo"):
            group.create_task(hike(start), name=name)


asyncio.run(main())
