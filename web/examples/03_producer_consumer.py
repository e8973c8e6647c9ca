# Title: Producer and consumer
# The queue holds two items: look who waits, and for whom.
import asyncio


async def producer(queue):
    for item in range(5):
        await queue.put(item)
        print(f'put {item}')
    await queue.put(None)  # no more


async def consumer(queue):
    while (item := await queue.get()) is not None:
        await asyncio.sleep(0.01)  # work on it
        print(f'       got {item}')


async def main():
    queue = asyncio.Queue(maxsize=2)
    await asyncio.gather(producer(queue), consumer(queue))


asyncio.run(main())
