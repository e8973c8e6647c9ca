import asyncio


async def main():
    await asyncio.sleep(0)
    await asyncio.sleep(0.05)


asyncio.run(main())
