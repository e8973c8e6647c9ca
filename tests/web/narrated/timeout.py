import asyncio


async def download():
    try:
        await asyncio.sleep(1)
    finally:
        print("closed")


async def main():
    try:
        async with asyncio.timeout(0.05):
            await download()
    except TimeoutError:
        print("too slow")


asyncio.run(main())
