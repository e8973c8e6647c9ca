import asyncio


async def numbers():
    try:
        for i in range(5):
            await asyncio.sleep(0.01)
            yield i
    finally:
        await asyncio.sleep(0.01)
        print("closed")


async def main():
    async for i in numbers():
        if i == 1:
            break
    print("left")
    g = numbers()
    await anext(g)
    await g.aclose()


asyncio.run(main())
