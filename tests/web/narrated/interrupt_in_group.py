import asyncio


async def child():
    await asyncio.sleep(0.1)
    raise KeyboardInterrupt


async def other():
    await asyncio.sleep(5)


async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(child())
            group.create_task(other())
    except KeyboardInterrupt as error:
        print(repr(error))


try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("interrupted")
