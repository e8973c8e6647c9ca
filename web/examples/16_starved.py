# Title: A task that hardly gets a turn
# Twenty workers take 10 ms a turn each: a round takes 200 ms.
# Finding: starved
import asyncio
import time


async def work():
    for _ in range(3):
        time.sleep(0.01)  # a little computing
        await asyncio.sleep(0)


async def clock():
    for _ in range(3):
        await asyncio.sleep(0.02)
        print('tick')


async def main():
    await asyncio.gather(clock(), *(work() for _ in range(20)))


asyncio.run(main())
