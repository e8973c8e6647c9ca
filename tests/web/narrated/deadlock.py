import asyncio


async def transfer(first, second):
    async with first:
        await asyncio.sleep(0.01)
        async with second:
            pass


async def main():
    a, b = asyncio.Lock(), asyncio.Lock()
    async with asyncio.TaskGroup() as group:
        group.create_task(transfer(a, b), name="Ada")
        group.create_task(transfer(b, a), name="Bob")


asyncio.run(main())
