# Title: Runners who wait for one signal
# An event wakes all who wait for it, first come, first woken.
import asyncio


async def runner(name, start):
    print(f'{name} is ready')
    await start.wait()
    print(f'{name} runs')


async def main():
    start = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for name in ('Ada', 'Bob', 'Cleo'):
            group.create_task(runner(name, start), name=name)
        await asyncio.sleep(0.03)
        print('go!')
        start.set()


asyncio.run(main())
