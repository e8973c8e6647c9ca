import asyncio

slots = asyncio.Semaphore(2)


async def download(name, seconds):
    async with slots:
        print(f'{name}: starts')
        await asyncio.sleep(seconds)
    print(f'{name}: done')


async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(download('a', 0.04), name='a')
        group.create_task(download('b', 0.02), name='b')
        group.create_task(download('c', 0.03), name='c')
        group.create_task(download('d', 0.03), name='d')


asyncio.run(main())
