import asyncio

hut = asyncio.Barrier(3)


async def hike(name, pace):
    await asyncio.sleep(pace)
    print(f'{name}: at the hut')
    await hut.wait()
    print(f'{name}: goes on')
    await asyncio.sleep(pace)
    print(f'{name}: at the top')


async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(hike('Ada', 0.02), name='Ada')
        group.create_task(hike('Bob', 0.06), name='Bob')
        group.create_task(hike('Cleo', 0.04), name='Cleo')


asyncio.run(main())
