import asyncio


async def leaf(n, t):
    await asyncio.sleep(t)
    return n


async def branch(name):
    async with asyncio.TaskGroup() as inner:
        inner.create_task(leaf(1, 0.01), name=name + "1")
        inner.create_task(leaf(2, 1), name=name + "2")


async def main():
    try:
        async with asyncio.timeout(0.05):
            async with asyncio.TaskGroup() as outer:
                outer.create_task(branch("a"), name="A")
                outer.create_task(branch("b"), name="B")
    except TimeoutError:
        print("timed out")


asyncio.run(main())
