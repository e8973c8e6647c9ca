import asyncio


async def download(seconds):
    try:
        await asyncio.sleep(seconds)
        return 'done'
    finally:
        print(f'{asyncio.current_task().get_name()}: closes')


async def limited(name, seconds):
    try:
        async with asyncio.timeout(0.05):
            print(f'{name}: {await download(seconds)}')
    except TimeoutError:
        print(f'{name}: too slow')


async def main():
    small = asyncio.create_task(limited('small', 0.03), name='small')
    large = asyncio.create_task(limited('large', 0.2), name='large')
    await small
    await large


asyncio.run(main())
