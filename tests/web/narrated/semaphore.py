import asyncio


async def download(slots):
    async with slots:
        await asyncio.sleep(0.02)


async def main():
    slots = asyncio.Semaphore(2)
    async with asyncio.TaskGroup() as group:
        for name in ("Ada", "Bob", "Cleo"):
            group.create_task(download(slots), name=name)


asyncio.run(main())
