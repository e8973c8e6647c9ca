# A group cancelled from outside cancels its children and passes the cancellation on.
import asyncio

async def child(name):
    try:
        await asyncio.sleep(1)
    finally:
        print(name, "ends")

async def body():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(child("only"))
            await asyncio.sleep(0)
            print("body is over")
    except asyncio.CancelledError:
        print("cancelled, not an exception group")
        raise

async def main():
    task = asyncio.create_task(body())
    await asyncio.sleep(0.01)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("main sees it", task.cancelling())

asyncio.run(main())
