import asyncio

cache = {'logo': 'an old picture'}


async def fetch(name):
    print(f'{name}: begins')
    if name not in cache:
        await asyncio.sleep(0.02)  # the network
        cache[name] = 'a new picture'
    print(f'{name}: has {cache[name]}')


async def main():
    loop = asyncio.get_running_loop()
    loop.set_task_factory(asyncio.eager_task_factory)
    logo = asyncio.create_task(fetch('logo'), name='logo')
    icon = asyncio.create_task(fetch('icon'), name='icon')
    print('main: created two tasks')
    await logo
    await icon


asyncio.run(main())
