import asyncio


async def work():
    await asyncio.sleep(1)
    return 5


async def main():
    loop = asyncio.get_running_loop()
    f = asyncio.run_coroutine_threadsafe(work(), loop)
    print(await asyncio.wrap_future(f))

    class Aw:
        def __await__(self):
            yield from asyncio.sleep(0.5).__await__()
            return 7

    print(await Aw())
    print(await asyncio.ensure_future(Aw()))


asyncio.run(main())
