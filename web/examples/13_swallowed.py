# Title: A cancellation that is swallowed
# Whoever cancels waits for the end, and it does not come.
# Finding: swallowed
import asyncio


async def stubborn():
    while True:
        try:
            await asyncio.sleep(0.05)
            print('still here')
            return
        except asyncio.CancelledError:
            print('not now')  # should end with: raise


async def main():
    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0.01)
    task.cancel()
    await task
    print('only now')


asyncio.run(main())
