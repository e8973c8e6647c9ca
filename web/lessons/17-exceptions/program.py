import asyncio


async def fails():
    await asyncio.sleep(0.01)
    print('fails: now')
    raise ValueError('no such user')


async def works():
    await asyncio.sleep(0.05)
    print('works: done')


async def main():
    bad = asyncio.create_task(fails())
    good = asyncio.create_task(works())
    await asyncio.sleep(0.03)
    print('main: all is quiet')
    try:
        await bad
    except ValueError as error:
        print(f'main: {error}')
    await good


asyncio.run(main())
