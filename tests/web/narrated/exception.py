import asyncio


async def parse(text):
    await asyncio.sleep(0.01)
    return int(text)


async def load():
    return await parse("x")


async def main():
    task = asyncio.create_task(load())
    try:
        await task
    except ValueError as error:
        print(error)


asyncio.run(main())
