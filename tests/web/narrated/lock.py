import asyncio


async def withdraw(lock):
    async with lock:
        await asyncio.sleep(0.02)


async def main():
    lock = asyncio.Lock()
    async with asyncio.TaskGroup() as group:
        for name in ("Ada", "Bob"):
            group.create_task(withdraw(lock), name=name)


asyncio.run(main())
