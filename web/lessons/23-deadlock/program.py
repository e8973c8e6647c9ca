import asyncio


async def move(name, source, target):
    async with source:
        print(f'{name}: has one lock')
        await asyncio.sleep(0.01)
        async with target:
            print(f'{name}: has both')


async def main():
    a, b = asyncio.Lock(), asyncio.Lock()
    try:
        async with (
            asyncio.timeout(0.1),
            asyncio.TaskGroup() as tg,
        ):
            tg.create_task(move('Ada', a, b), name='Ada')
            tg.create_task(move('Bob', b, a), name='Bob')
        print('main: all is well')
    except TimeoutError:
        print('main: they would wait for ever')


asyncio.run(main())
