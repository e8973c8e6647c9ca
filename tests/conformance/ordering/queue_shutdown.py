# A queue that is shut down is emptied, then refuses; at once, it drops what it has.
import asyncio

async def getter(queue, name):
    try:
        while True:
            print(name, await queue.get())
            queue.task_done()
    except asyncio.QueueShutDown as error:
        print(name, repr(error))

async def putter(queue, name):
    try:
        for k in range(5):
            await queue.put(k)
    except asyncio.QueueShutDown:
        print(name, "refused")

async def main():
    queue = asyncio.Queue(2)
    tasks = [asyncio.create_task(putter(queue, "put")), asyncio.create_task(putter(queue, "put too"))]
    await asyncio.sleep(0)
    queue.shutdown()
    tasks += [asyncio.create_task(getter(queue, n)) for n in "ab"]
    await asyncio.wait(tasks)
    await queue.join()
    other = asyncio.Queue()
    other.put_nowait("lost")
    waiter = asyncio.create_task(other.join())
    await asyncio.sleep(0)
    other.shutdown(immediate=True)
    await waiter
    try:
        other.put_nowait("late")
    except asyncio.QueueShutDown:
        print("shut", other.qsize())

asyncio.run(main())
