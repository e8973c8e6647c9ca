import asyncio
import time


async def beat():
    for _ in range(3):
        await asyncio.sleep(0.02)


async def report():
    await asyncio.sleep(0.03)
    time.sleep(0.1)


async def main():
    await asyncio.gather(beat(), report())


asyncio.run(main())
