import asyncio


async def fails():
    await asyncio.sleep(0.01)
    raise ValueError("no")


async def goes_on():
    await asyncio.sleep(0.05)


async def main():
    try:
        await asyncio.gather(fails(), goes_on())
    except ValueError as error:
        print(error)
    await asyncio.sleep(0.1)


asyncio.run(main())
