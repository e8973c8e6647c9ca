import asyncio
import math


async def main():
    try:
        async with asyncio.timeout(10):
            await asyncio.sleep(math.inf)
    except TimeoutError:
        print("long enough")
    async with asyncio.timeout(math.inf):
        await asyncio.sleep(1)


asyncio.run(main())
