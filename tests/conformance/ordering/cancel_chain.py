# Cancelling a task cancels what it waits for, down the chain, and finally runs upwards.
import asyncio

async def leaf():
    try:
        await asyncio.sleep(10)
    finally:
        print("leaf cleans up")
        await asyncio.sleep(0.01)
        print("leaf is clean")

async def middle(task):
    try:
        await task
    except asyncio.CancelledError:
        print("middle", task.done(), task.cancelled())
        raise

async def main():
    low = asyncio.create_task(leaf())
    high = asyncio.create_task(middle(low))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    high.cancel()
    print("asked")
    try:
        await high
    except asyncio.CancelledError:
        print("main sees it", high.cancelled(), low.cancelled())

asyncio.run(main())
