# Title: Six downloads, two at a time
# The semaphore lets two in. Who leaves lets the next one in.
import asyncio


async def download(number, slots):
    async with slots:
        print(f'{number} starts')
        await asyncio.sleep(0.02 + number * 0.005)
    print(f'  {number} done')


async def main():
    slots = asyncio.Semaphore(2)
    await asyncio.gather(*(download(number, slots) for number in range(6)))


asyncio.run(main())
