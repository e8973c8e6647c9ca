import asyncio


async def work(name, seconds):
    try:
        print(f'{name}: begins')
        await asyncio.sleep(seconds)
        print(f'{name}: ends')
        return 42
    except asyncio.CancelledError:
        print(f'{name}: cancelled')
        raise


async def main():
    quick = asyncio.create_task(work('quick', 0.01), name='quick')
    slow = asyncio.create_task(work('slow', 0.1), name='slow')
    print('main: created two tasks')
    await asyncio.sleep(0.03)
    print(f'main: quick gave {await quick}')
    print('main: ends')


asyncio.run(main())
