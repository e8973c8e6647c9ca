import asyncio


async def foo():
    await asyncio.sleep(0.01)


async def bar():
    await asyncio.sleep(0.02)


async def main():
    await asyncio.gather(foo(), bar())


asyncio.run(main())
