# Title: A wait that never ends
# Everybody waits, and nobody is left who could wake them.
# Finding: deadlock
import asyncio


async def guest(bell):
    await bell.wait()
    print('dinner!')


async def main():
    bell = asyncio.Event()
    await asyncio.gather(guest(bell), guest(bell))  # and who rings?


asyncio.run(main())
