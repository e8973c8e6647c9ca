import asyncio


async def taker(slots):
    await slots.acquire()


async def giver(slots):
    await asyncio.sleep(0.02)
    slots.release()


async def main():
    slots = asyncio.Semaphore(1)
    async with asyncio.TaskGroup() as group:
        group.create_task(taker(slots), name="Ada")
        group.create_task(taker(slots), name="Bob")
        group.create_task(giver(slots))


asyncio.run(main())
