# Futures: somebody sets what another waits for.
import asyncio

async def set_after(future, delay, value):
    await asyncio.sleep(delay)
    future.set_result(value)

async def main():
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().create_task(set_after(future, 1, "... world"))
    print("hello ...")
    print(await future)

asyncio.run(main())
