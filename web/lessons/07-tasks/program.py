import asyncio


async def quick():
    print('quick: begins')
    await asyncio.sleep(0.01)
    print('quick: ends')
    return 42


async def slow():
    try:
        print('slow: begins')
        await asyncio.sleep(0.1)
        print('slow: ends')
    except asyncio.CancelledError:
        print('slow: cancelled')
        raise


async def main():
    first = asyncio.create_task(quick())
    second = asyncio.create_task(slow())
    print('main: created two tasks')
    await asyncio.sleep(0.03)
    print(f'main: quick gave {await first}')
    print('main: ends')


asyncio.run(main())
