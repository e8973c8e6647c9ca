import asyncio


async def consumer(q):
    try:
        while True:
            print(await q.get())
            q.task_done()
    except asyncio.QueueShutDown:
        print("shut")


async def producer(q):
    try:
        for i in range(10):
            await q.put(i)
    except asyncio.QueueShutDown:
        print("no more")


async def main():
    q = asyncio.Queue(2)
    p = asyncio.create_task(producer(q))
    await asyncio.sleep(0.01)
    q.shutdown(immediate=True)
    await p
    r = asyncio.Queue()
    c = asyncio.create_task(consumer(r))
    r.put_nowait(1)
    await r.join()
    r.shutdown()
    await c


asyncio.run(main())
