import asyncio
from contextlib import asynccontextmanager


@asynccontextmanager
async def connection(name):
    await asyncio.sleep(0.02)  # the handshake
    print(f'{name}: open')
    try:
        yield
    finally:
        await asyncio.sleep(0.01)  # saying goodbye
        print(f'{name}: closed')


async def use(name, rows):
    try:
        async with connection(name):
            print(f'{name}: {rows[0]}')
    except IndexError:
        print(f'{name}: failed')


async def main():
    async with asyncio.TaskGroup() as tg:
        tg.create_task(use('good', ['Ada']), name='good')
        tg.create_task(use('bad', []), name='bad')


asyncio.run(main())
