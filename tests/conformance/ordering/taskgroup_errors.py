# A failing child cancels its siblings and the group's body; errors come out together.
import asyncio

async def child(name, delay, error=None):
    try:
        await asyncio.sleep(delay)
    except asyncio.CancelledError:
        print(name, "cancelled")
        await asyncio.sleep(0.01)
        print(name, "cleaned")
        raise
    print(name, "done")
    if error:
        raise error

async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(child("fine", 0.01))
            group.create_task(child("fails", 0.02, ValueError("v")))
            group.create_task(child("slow", 1))
            try:
                await asyncio.sleep(1)
            except asyncio.CancelledError:
                print("body cancelled", asyncio.current_task().cancelling())
                raise KeyError("from the body") from None
    except* ValueError as errors:
        print("values", errors.exceptions)
    except* KeyError as errors:
        print("keys", errors.exceptions)
    print("left over:", asyncio.current_task().cancelling())
    await asyncio.sleep(0)

asyncio.run(main())
