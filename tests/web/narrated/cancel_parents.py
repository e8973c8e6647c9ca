import asyncio


async def child():
    await asyncio.sleep(1)


async def parent():
    await asyncio.gather(child())


async def grandparent():
    await asyncio.create_task(parent())


async def main():
    task = asyncio.create_task(grandparent())
    await asyncio.sleep(0.01)
    task.cancel("enough")
    await asyncio.wait([task])


asyncio.run(main())
