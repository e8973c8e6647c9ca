import asyncio


async def use(slots, seconds):
    async with slots:
        await asyncio.sleep(seconds)


async def main():
    slots = asyncio.BoundedSemaphore(1)
    ann = asyncio.create_task(use(slots, 1), name="ann")
    ben = asyncio.create_task(use(slots, 2), name="ben")
    await asyncio.wait([ann, ben])
    try:
        slots.release()
    except ValueError as error:
        print(error)


asyncio.run(main())
