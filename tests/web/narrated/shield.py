import asyncio


async def save():
    await asyncio.sleep(0.05)
    print("saved")


async def careful():
    saving = asyncio.create_task(save())
    try:
        await asyncio.shield(saving)
    except asyncio.CancelledError:
        await saving
        raise


async def main():
    task = asyncio.create_task(careful())
    await asyncio.sleep(0.01)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled")


asyncio.run(main())
