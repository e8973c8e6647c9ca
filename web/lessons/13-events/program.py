import asyncio

start = asyncio.Event()


async def runner(name):
    print(f'{name}: at the line')
    await start.wait()
    print(f'{name}: runs')


async def starter():
    await asyncio.sleep(0.03)
    start.set()
    print('starter: go!')
    await asyncio.sleep(0.01)


async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(runner('Ada'), name='Ada')
        group.create_task(runner('Bob'), name='Bob')
        group.create_task(starter())
    await runner('late')


asyncio.run(main())
