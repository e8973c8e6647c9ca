# Many tasks over one lock, one queue and timeouts: a little of everything.
import asyncio

async def worker(name, queue, lock, log):
    while True:
        try:
            async with asyncio.timeout(0.055):
                job, delay = await queue.get()
        except TimeoutError:
            print(name, "gives up")
            return
        async with lock:
            print(name, "takes", job)
            await asyncio.sleep(delay)
            log.append((name, job))

async def main():
    queue, lock, log = asyncio.Queue(3), asyncio.Lock(), []
    async with asyncio.TaskGroup() as group:
        for k in range(3):
            group.create_task(worker(f"w{k}", queue, lock, log))
        for job in range(7):
            await queue.put((job, 0.01 * (job % 3)))
    print(log)

asyncio.run(main())
