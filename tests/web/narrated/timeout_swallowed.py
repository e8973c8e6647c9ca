import asyncio


async def stubborn():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        return "late"


async def main():
    async with asyncio.timeout(0.01):
        await asyncio.create_task(stubborn())
    print(await asyncio.wait_for(stubborn(), 0.01))
    async with asyncio.timeout(0.01):
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            pass
        await asyncio.sleep(1)


asyncio.run(main())
