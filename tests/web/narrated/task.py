import asyncio


async def brew():
    await asyncio.sleep(0.02)
    return "tea"


async def main():
    tea = asyncio.create_task(brew())
    print(await tea)


asyncio.run(main())
