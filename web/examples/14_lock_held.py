# Title: A lock held for too long
# Each one asks the bank with the lock held, so all queue for it.
# Finding: lock-held
import asyncio


async def pay(name, lock):
    async with lock:
        await asyncio.sleep(0.05)  # ask the bank: no need for the lock
        print(f'{name} has paid')


async def main():
    lock = asyncio.Lock()
    await asyncio.gather(*(pay(name, lock) for name in ('Ada', 'Bob', 'Cleo')))


asyncio.run(main())
