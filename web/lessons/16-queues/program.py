import asyncio


async def producer(queue):
    for item in range(1, 6):
        await queue.put(item)
        print(f'put {item}')


async def consumer(queue):
    for _ in range(5):
        item = await queue.get()
        await asyncio.sleep(0.02)  # work on it
        print(f'worked on {item}')


async def main():
    queue = asyncio.Queue(maxsize=2)
    await asyncio.gather(producer(queue), consumer(queue))


asyncio.run(main())
