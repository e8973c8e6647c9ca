# Title: A loop that never rests
# It asks again and again instead of waiting for an event.
# Finding: busy
import asyncio


async def poll(done):
    while not done:
        await asyncio.sleep(0)  # better: await an asyncio.Event
    print('done at last')


async def main():
    done = []
    task = asyncio.create_task(poll(done))
    await asyncio.sleep(0.01)
    done.append(True)
    await task


asyncio.run(main())
