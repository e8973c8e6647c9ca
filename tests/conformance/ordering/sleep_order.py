# Tasks sleep; equal sleeps wake in the order of falling asleep.
import asyncio

async def sleeper(name, *delays):
    for delay in delays:
        await asyncio.sleep(delay)
        print(name, delay)

async def main():
    await asyncio.gather(*(sleeper(n, 0.01, 0.02) for n in "abcdefgh"), sleeper("zero", 0, 0, 0), sleeper("long", 0.05))

asyncio.run(main())
