import asyncio


async def setter(future):
    await asyncio.sleep(0.1)
    future.set_exception(RuntimeError("from setter"))
    print("set")


async def waiter(future):
    try:
        await future
    except RuntimeError as error:
        print(error)


async def main():
    future = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as group:
        group.create_task(setter(future))
        group.create_task(waiter(future), name="ann")
        group.create_task(waiter(future), name="ben")


asyncio.run(main())
