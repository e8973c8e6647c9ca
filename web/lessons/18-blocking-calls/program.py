import asyncio
import time


async def heart():
    for beat in range(1, 6):
        print(f'beat {beat}')
        await asyncio.sleep(0.02)


async def report():
    await asyncio.sleep(0.03)
    print('report: begun')
    time.sleep(0.1)  # blocks
    print('report: written')


async def main():
    await asyncio.gather(heart(), report())


asyncio.run(main())
