import asyncio


async def pages():
    try:
        for number in (1, 2, 3):
            await asyncio.sleep(0.02)  # fetch it
            yield f'page {number}'
    finally:
        print('pages: closed')


async def reader():
    async for page in pages():
        print(f'reader: {page}')
        await asyncio.sleep(0.01)  # read it


async def ticker():
    for tick in (1, 2):
        await asyncio.sleep(0.035)
        print(f'tick {tick}')


async def main():
    await asyncio.gather(reader(), ticker())


asyncio.run(main())
