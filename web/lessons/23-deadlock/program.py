import asyncio


async def transfer(name, source, target):
    async with source:
        print(f'{name}: has one lock')
        await asyncio.sleep(0.01)
        async with target:
            print(f'{name}: has both')


async def main():
    savings, current = asyncio.Lock(), asyncio.Lock()
    try:
        async with asyncio.timeout(0.1), asyncio.TaskGroup() as group:
            group.create_task(transfer('Ada', savings, current), name='Ada')
            group.create_task(transfer('Bob', current, savings), name='Bob')
        print('main: all is well')
    except TimeoutError:
        print('main: they would wait for ever')


asyncio.run(main())
