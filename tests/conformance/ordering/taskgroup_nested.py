# Groups in groups, tasks made late, and a group that's no longer active.
import asyncio

async def leaf(group, depth):
    print("leaf", depth)
    if depth < 3:
        await asyncio.sleep(0)
        group.create_task(leaf(group, depth + 1))

async def main():
    async with asyncio.TaskGroup() as outer:
        outer.create_task(leaf(outer, 0))
        async with asyncio.TaskGroup() as inner:
            inner.create_task(leaf(inner, 2))
        print("inner is over")
    print("outer is over")
    coro = leaf(outer, 9)
    try:
        outer.create_task(coro)
    except RuntimeError as error:
        print(type(error).__name__)
    coro.close()

asyncio.run(main())
