import asyncio
import signal


async def work():
    try:
        await asyncio.sleep(1)
    finally:
        print("tidied up")


async def main():
    task = asyncio.create_task(work())
    await asyncio.sleep(0.01)
    signal.raise_signal(signal.SIGINT)  # as Stop does
    await task


asyncio.run(main())
