import asyncio


async def main():
    await asyncio.sleep(0.1)
    await asyncio.create_task(asyncio.sleep(1), name="one")
    print("done")


asyncio.run(asyncio.wait_for(main(), 5))
