import asyncio


async def party(barrier):
    await barrier.wait()


async def hold(lock, seconds):
    async with lock:
        await asyncio.sleep(seconds)


async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    barrier, lock = asyncio.Barrier(2), asyncio.Lock()
    async with asyncio.TaskGroup() as group:
        group.create_task(party(barrier), name="Ada")
        group.create_task(party(barrier), name="Bob")
    first = asyncio.create_task(hold(lock, 0.02), name="first")
    second = asyncio.create_task(hold(lock, 0.01), name="second")
    await asyncio.sleep(0.01)
    second.cancel()
    await asyncio.wait([first, second])


asyncio.run(main())
