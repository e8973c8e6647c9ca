# Coroutines and tasks: two tasks run at the same time; a group of them does as well.
import asyncio
import time

async def say_after(delay, what):
    await asyncio.sleep(delay)
    print(what)

async def by_hand():
    first = asyncio.create_task(say_after(1, "hello"))
    second = asyncio.create_task(say_after(2, "world"))
    print(f"started at {time.strftime('%X')}")
    await first
    await second
    print(f"finished at {time.strftime('%X')}")

async def in_a_group():
    async with asyncio.TaskGroup() as group:
        group.create_task(say_after(1, "hello"))
        group.create_task(say_after(2, "world"))
        print(f"started at {time.strftime('%X')}")
    print(f"finished at {time.strftime('%X')}")

asyncio.run(by_hand())
asyncio.run(in_a_group())
