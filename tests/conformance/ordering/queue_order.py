# Queues hand over in order, block at their size, and are joined.
import asyncio

async def producer(queue, name, count):
    for k in range(count):
        await queue.put((name, k))
        print("put", name, k, queue.qsize())

async def consumer(queue, name):
    while True:
        item = await queue.get()
        print(name, "got", item)
        await asyncio.sleep(0.01)
        queue.task_done()

async def main():
    queue = asyncio.Queue(2)
    consumers = [asyncio.create_task(consumer(queue, n)) for n in ("c1", "c2")]
    await asyncio.gather(producer(queue, "p1", 4), producer(queue, "p2", 3))
    await queue.join()
    print("joined")
    for task in consumers:
        task.cancel()
    await asyncio.gather(*consumers, return_exceptions=True)
    for kind in (asyncio.PriorityQueue, asyncio.LifoQueue):
        other = kind()
        for k in (2, 1, 3):
            other.put_nowait(k)
        print(kind.__name__, [other.get_nowait() for _ in range(3)])
    try:
        queue.get_nowait()
    except asyncio.QueueEmpty as error:
        print(repr(error))
    try:
        queue.task_done()
    except ValueError as error:
        print(error)

asyncio.run(main())
