import asyncio


async def worker():
    try:
        print('worker: at work')
        await asyncio.sleep(1)
        print('worker: done')
    except asyncio.CancelledError:
        print('worker: asked to stop')
        await asyncio.sleep(0.02)  # it takes time
        print('worker: tidied up')
        raise


async def main():
    task = asyncio.create_task(worker())
    await asyncio.sleep(0.01)
    task.cancel()
    print('main: cancel was called')
    try:
        await task
        print('main: it returned')
    except asyncio.CancelledError:
        print('main: it is cancelled')


asyncio.run(main())
