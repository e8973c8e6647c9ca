import asyncio


async def work():
    await asyncio.sleep(10)


async def main():
    first = asyncio.create_task(work(), name="Ada")
    second = asyncio.create_task(work(), name="Bob")
    asyncio.get_running_loop().call_later(1, first.cancel)
    asyncio.get_running_loop().call_soon(second.cancel)
    await asyncio.wait([first, second])


asyncio.run(main())
