import asyncio


async def quick():
    await asyncio.sleep(1)


async def slow():
    await asyncio.sleep(3)


async def main():
    try:
        for first in asyncio.as_completed([quick(), slow()], timeout=2.5):
            await first
    except TimeoutError:
        print("time is up")


asyncio.run(main())
