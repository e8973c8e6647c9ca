import asyncio


async def producer(queue):
    for item in range(3):
        await queue.put(item)


async def consumer(queue):
    for _ in range(3):
        await queue.get()
        await asyncio.sleep(0.01)
        queue.task_done()


async def main():
    queue = asyncio.Queue(maxsize=1)
    worker = asyncio.create_task(consumer(queue))
    await producer(queue)
    await queue.join()
    await worker


asyncio.run(main())
