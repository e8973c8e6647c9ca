import asyncio


async def cook(ready):
    async with ready:
        ready.notify()


async def eat(ready):
    async with ready:
        await ready.wait()


async def main():
    ready = asyncio.Condition()
    await cook(ready)
    await eat(ready)


asyncio.run(main())
