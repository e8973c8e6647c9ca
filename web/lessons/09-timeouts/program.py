import asyncio


async def download(name, seconds):
    try:
        await asyncio.sleep(seconds)
    finally:
        print(f'{name}: closes')


async def fetch(name, seconds):
    try:
        async with asyncio.timeout(0.05):
            await download(name, seconds)
        print(f'{name}: done')
    except TimeoutError:
        print(f'{name}: too slow')


async def main():
    async with asyncio.TaskGroup() as tg:
        tg.create_task(fetch('small', 0.03), name='small')
        tg.create_task(fetch('large', 0.2), name='large')


asyncio.run(main())
