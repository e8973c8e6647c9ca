import asyncio


async def inner():
    raise KeyError("id")


async def outer():
    await asyncio.create_task(inner())


async def main():
    results = await asyncio.gather(outer(), return_exceptions=True)
    print(results)


asyncio.run(main())
