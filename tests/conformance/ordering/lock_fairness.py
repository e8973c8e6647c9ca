# A lock goes to who waited longest, even past somebody who asks at the right moment.
import asyncio

async def user(lock, name, delay):
    async with lock:
        print(name, "has it")
        await asyncio.sleep(delay)
    print(name, "gave it")
    async with lock:
        print(name, "again")

async def main():
    lock = asyncio.Lock()
    tasks = [asyncio.create_task(user(lock, n, 0.01)) for n in "abcd"]
    await asyncio.sleep(0.005)
    tasks[1].cancel()
    await asyncio.wait(tasks)
    print(lock.locked(), tasks[1].cancelled())
    try:
        lock.release()
    except RuntimeError as error:
        print(error)

asyncio.run(main())
