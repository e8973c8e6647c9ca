import asyncio
import time


async def main():
    try:
        async with asyncio.timeout(1):
            print(await asyncio.to_thread(time.sleep, 2))
    except TimeoutError:
        print("timed out")


asyncio.run(main())
