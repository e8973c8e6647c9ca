# Title: A deadlock, and a way out
# Each task holds one lock and waits for the other's.
# Finding: lock-order
import asyncio


async def transfer(first, second):
    async with first:
        await asyncio.sleep(0.01)
        async with second:
            print('never printed')


async def main():
    a, b = asyncio.Lock(), asyncio.Lock()
    try:
        async with asyncio.timeout(0.1):
            await asyncio.gather(transfer(a, b), transfer(b, a))
    except TimeoutError:
        print('deadlock: both waited for the lock that the other held')


asyncio.run(main())
