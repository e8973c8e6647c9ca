# A task may stop its loop; the main task is then not done.
import asyncio

async def stopper():
    await asyncio.sleep(0.01)
    asyncio.get_running_loop().stop()
    print("asked to stop")

async def main():
    asyncio.create_task(stopper())
    try:
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        print("main is cancelled")
        raise

try:
    asyncio.run(main())
except RuntimeError as error:
    print(error)
