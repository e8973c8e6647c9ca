import asyncio


async def job(name, seconds):
    try:
        await asyncio.sleep(seconds)
        print(f'{name}: finished')
    except asyncio.CancelledError:
        print(f'{name}: cancelled')
        raise


async def broken():
    await asyncio.sleep(0.02)
    print('broken: fails')
    raise ValueError('no such user')


async def main():
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(job('fast', 0.01), name='fast')
            tg.create_task(broken())
            tg.create_task(job('slow', 0.05), name='slow')
        print('main: all went well')
    except* ValueError:
        print('main: the group failed')


asyncio.run(main())
