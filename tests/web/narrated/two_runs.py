import asyncio


async def first():
    await asyncio.sleep(5)


async def second():
    await asyncio.sleep(1)


asyncio.run(first())
asyncio.run(second())
