import asyncio


async def tea():
    print('tea: the water is on')
    await asyncio.sleep(0.03)
    print('tea: poured')


async def toast():
    print('toast: the bread is in')
    await asyncio.sleep(0.02)
    print('toast: buttered')


async def main():
    await asyncio.gather(tea(), toast())
    print('breakfast')


asyncio.run(main())
