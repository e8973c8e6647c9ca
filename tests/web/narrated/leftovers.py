import asyncio


async def background():
    await asyncio.sleep(10)


async def main():
    task = asyncio.create_task(background())
    await asyncio.sleep(0.01)
    print(task.done())


asyncio.run(main())
