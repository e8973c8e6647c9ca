# Title: A timeout that cancels
# After 50 ms the timeout cancels it; its finally block runs.
import asyncio


async def download():
    try:
        print('downloading')
        await asyncio.sleep(1)
        print('never printed')
    finally:
        print('closing the connection')


async def main():
    try:
        async with asyncio.timeout(0.05):
            await download()
    except TimeoutError:
        print('too slow, giving up')


asyncio.run(main())
