# as_completed as an asynchronous iterator: the tasks themselves, as they finish.
import asyncio

async def work(name, delay):
    await asyncio.sleep(delay)
    return name

async def main():
    tasks = [asyncio.create_task(work(n, d), name=n) for n, d in (("c", 0.03), ("a", 0.01), ("b", 0.02))]
    async for task in asyncio.as_completed(tasks):
        print(task.get_name(), task.result(), task in tasks)
    try:
        async for task in asyncio.as_completed([work("x", 0.01), work("y", 0.05)], timeout=0.02):
            print(await task)
    except TimeoutError as error:
        print(repr(error))

asyncio.run(main())
