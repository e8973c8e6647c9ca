# uncancel takes back a cancellation that was not delivered yet.
import asyncio

async def work():
    task = asyncio.current_task()
    task.cancel()
    task.uncancel()
    await asyncio.sleep(0)
    print("not cancelled", task.cancelling())
    task.cancel()
    task.cancel()
    task.uncancel()
    try:
        await asyncio.sleep(0)
    except asyncio.CancelledError:
        print("cancelled", task.cancelling())
    task.uncancel()
    await asyncio.sleep(0)
    return "done"

print(asyncio.run(work()))
