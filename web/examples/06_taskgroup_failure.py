# Title: A TaskGroup in which one child fails
# The failure cancels who is at work; then the group raises.
import asyncio


async def job(name, seconds):
    try:
        await asyncio.sleep(seconds)
        print(f'{name} finished')
    except asyncio.CancelledError:
        print(f'{name} was cancelled')
        raise


async def failing():
    await asyncio.sleep(0.02)
    raise ValueError('no such user')


async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(job('quick', 0.01))
            group.create_task(failing())
            group.create_task(job('slow', 0.05))
    except* ValueError as errors:
        for error in errors.exceptions:
            print(f'the group failed: {error}')


asyncio.run(main())
