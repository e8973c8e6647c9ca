import asyncio
import time


async def compute(name):
    for part in (1, 2, 3):
        time.sleep(0.01)  # 10 ms of hard work
        print(f'{name}: part {part}')
        await asyncio.sleep(0)  # the other one's turn


async def main():
    ada = asyncio.create_task(compute('Ada'), name='Ada')
    bob = asyncio.create_task(compute('Bob'), name='Bob')
    await ada
    await bob


asyncio.run(main())
