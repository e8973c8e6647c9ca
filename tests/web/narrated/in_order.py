import asyncio


async def worker():
    print("worker")


async def main():
    queue = asyncio.Queue()
    task = asyncio.create_task(worker())
    print("created")
    queue.put_nowait(1)
    print("put")
    task.cancel()
    print("cancelled")
    queue.get_nowait()
    try:
        async with asyncio.timeout(0.1):
            await asyncio.sleep(1)
    except TimeoutError:
        print("too slow")


asyncio.run(main())
