# Title: A wake-up that comes too early
# A condition keeps no notification: who waits later waits for ever.
# Finding: lost-wakeup
import asyncio


async def cook(kitchen):
    async with kitchen:
        print('dinner!')
        kitchen.notify_all()  # who listens?


async def guest(kitchen):
    await asyncio.sleep(0.01)  # a little late
    async with kitchen:
        await kitchen.wait()
        print('eats')


async def main():
    kitchen = asyncio.Condition()
    await asyncio.gather(cook(kitchen), guest(kitchen))


asyncio.run(main())
