import asyncio


async def bad():
    await asyncio.sleep(1)
    raise ValueError("early")


async def slow():
    await asyncio.sleep(2)


async def main():
    await asyncio.gather(bad(), slow(), return_exceptions=True)


asyncio.run(main())
