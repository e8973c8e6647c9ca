# call_soon_threadsafe and run_coroutine_threadsafe from the loop's own thread.
import asyncio

async def work():
    print("work")
    return 5

async def main():
    loop = asyncio.get_running_loop()
    loop.call_soon(print, "first")
    loop.call_soon_threadsafe(print, "second")
    future = asyncio.run_coroutine_threadsafe(work(), loop)
    loop.call_soon(print, "third")
    print(future.done())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print(future.result(0))
    print(await asyncio.wrap_future(future))

asyncio.run(main())
