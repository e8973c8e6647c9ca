# A custom task factory makes every task, with what create_task was given.
import asyncio

class Task(asyncio.Task):
    pass

def factory(loop, coro, **options):
    print("made", coro.__name__, sorted(options))
    return Task(coro, loop=loop, **options)

async def child():
    print(type(asyncio.current_task()).__name__)

async def main():
    loop = asyncio.get_running_loop()
    loop.set_task_factory(factory)
    print(loop.get_task_factory() is factory)
    await asyncio.create_task(child(), name="named")
    await asyncio.gather(child(), child())
    await asyncio.wait_for(child(), 1)
    async with asyncio.TaskGroup() as group:
        group.create_task(child())
    await asyncio.shield(child())

asyncio.run(main())
