import asyncio


async def grandchild():
    print("deepest")


async def child():
    print("in child")
    await asyncio.create_task(grandchild(), name="inner")
    print("child again")


async def main():
    print("before")
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    await asyncio.create_task(child(), name="outer")
    print("after")


asyncio.run(main())
