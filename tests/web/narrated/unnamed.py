import asyncio


async def waits(signal):
    await signal.wait()


def signals():
    return {"go": asyncio.Event()}


async def main():
    found = signals()
    task = asyncio.create_task(waits(found["go"]))
    await asyncio.sleep(0)
    found["go"].set()
    await task


asyncio.run(main())
