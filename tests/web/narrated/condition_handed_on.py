import asyncio


async def waiter(c, name):
    async with c:
        try:
            await c.wait()
            print(name, "woken")
        except asyncio.CancelledError:
            print(name, "cancelled")
            raise


async def main():
    c = asyncio.Condition()
    a = asyncio.create_task(waiter(c, "a"), name="a")
    b = asyncio.create_task(waiter(c, "b"), name="b")
    await asyncio.sleep(0)
    async with c:
        c.notify(1)
        a.cancel()
    await asyncio.sleep(1)
    async with c:
        c.notify_all()
    print(await asyncio.gather(a, b, return_exceptions=True))


asyncio.run(main())
