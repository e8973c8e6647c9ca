# Queues: a workload shared by three workers.
import asyncio
import time

async def worker(name, queue):
    while True:
        sleep_for = await queue.get()
        await asyncio.sleep(sleep_for)
        queue.task_done()
        print(f"{name} has slept for {sleep_for:.2f} seconds")

async def main():
    queue = asyncio.Queue()
    total = 0
    for k in range(20):
        sleep_for = 0.05 + k * 7919 % 1013 / 1000
        total += sleep_for
        queue.put_nowait(sleep_for)
    tasks = [asyncio.create_task(worker(f"worker-{k}", queue)) for k in range(3)]
    started = time.monotonic()
    await queue.join()
    took = time.monotonic() - started
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    print("====")
    print(f"3 workers slept in parallel for {took:.2f} seconds")
    print(f"total expected sleep time: {total:.2f} seconds")

asyncio.run(main())
