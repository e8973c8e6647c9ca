import asyncio


async def nap(delay):
    await asyncio.sleep(delay)


def made(name, delay):
    return asyncio.create_task(nap(delay), name=name)


async def main():
    await asyncio.gather(asyncio.gather(made("a", 0.1), made("b", 0.2)), made("c", 0.05))
    d = made("d", 1)
    asyncio.get_running_loop().call_later(0.1, d.cancel)
    try:
        await asyncio.gather(asyncio.gather(d, made("e", 2)), made("f", 2))
    except asyncio.CancelledError:
        print("not main, but d was asked to cancel:", asyncio.current_task().cancelling())


asyncio.run(main())
