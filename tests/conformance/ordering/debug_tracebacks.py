# Debug mode tells where a failing callback and a forgotten coroutine were made.
import asyncio, gc

async def forgotten():
    pass

def fail():
    raise ValueError("callback")

async def main():
    asyncio.get_running_loop().slow_callback_duration = 100
    asyncio.get_running_loop().call_soon(fail)
    await asyncio.sleep(0)
    forgotten()
    gc.collect()
    try:
        asyncio.get_running_loop().call_soon("not callable")
    except TypeError as error:
        print(error)
    try:
        asyncio.get_running_loop().call_soon(main)
    except TypeError as error:
        print(error)

asyncio.run(main(), debug=True)
