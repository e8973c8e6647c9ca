# A semaphore serves in order; a bounded one minds its bound.
import asyncio

async def user(semaphore, name):
    async with semaphore:
        print(name, "in", semaphore.locked())
        await asyncio.sleep(0.01)
    print(name, "out")

async def main():
    semaphore = asyncio.Semaphore(2)
    async with asyncio.TaskGroup() as group:
        for name in "abcde":
            group.create_task(user(semaphore, name))
    waiting = asyncio.create_task(user(asyncio.Semaphore(0), "never"))
    await asyncio.sleep(0)
    waiting.cancel()
    bounded = asyncio.BoundedSemaphore(1)
    try:
        bounded.release()
    except ValueError as error:
        print(error)

asyncio.run(main())
