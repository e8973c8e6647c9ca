# KeyboardInterrupt raised in a task and in a callback.
import asyncio

async def interrupted():
    await asyncio.sleep(0.01)
    raise KeyboardInterrupt

async def main():
    task = asyncio.create_task(interrupted())
    try:
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        print("main is cancelled", task.done())
        raise

try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("interrupted by a task")

def callback():
    raise KeyboardInterrupt("callback")

async def calls():
    asyncio.get_running_loop().call_later(0.01, callback)
    await asyncio.sleep(1)

asyncio.run(calls())
