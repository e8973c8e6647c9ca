import asyncio
import signal
import time


async def other():
    await asyncio.sleep(10)


async def main():
    t = asyncio.create_task(other())
    await asyncio.sleep(0)
    time.sleep(1)
    signal.raise_signal(signal.SIGINT)  # Stop is pressed within a long step
    time.sleep(2)
    await asyncio.sleep(1)


asyncio.run(main())
