# An eager task that raises at once: its error waits in the task.
import asyncio

async def fail():
    print("fails")
    raise ValueError("eager")

async def cancels():
    asyncio.current_task().cancel()
    await asyncio.sleep(1)

async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    task = asyncio.create_task(fail())
    print(task.done(), repr(task.exception()))
    other = asyncio.create_task(cancels())
    print(other.done())
    await asyncio.wait([other])
    print(other.cancelled())
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())
            print("the group goes on")
            await asyncio.sleep(1)
    except* ValueError as errors:
        print(errors.exceptions)

asyncio.run(main())
