import asyncio


async def ticks():
    for tick in range(2):
        await asyncio.sleep(0.01)
        yield tick


async def main():
    async for tick in ticks():
        print(tick)


asyncio.run(main())
