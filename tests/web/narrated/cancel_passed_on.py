import asyncio


async def stubborn():
    while True:
        try:
            await asyncio.sleep(0.02)
            return "done anyway"
        except asyncio.CancelledError:
            print("not yet")


async def main():
    try:
        print(await asyncio.wait_for(stubborn(), 0.01))
    except TimeoutError:
        print("timeout")
    t = asyncio.create_task(stubborn())
    try:
        print(await asyncio.wait_for(t, 0.01))
    except TimeoutError:
        print("timeout", t.done())


asyncio.run(main())
