import asyncio


async def cancels_itself():
    asyncio.current_task().cancel()
    await asyncio.sleep(1)


async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    await asyncio.wait([asyncio.create_task(cancels_itself())])


asyncio.run(main())
