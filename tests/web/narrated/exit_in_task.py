import asyncio
import sys


async def child():
    try:
        await asyncio.sleep(0.1)
        sys.exit(3)
    finally:
        print("child is left")


async def main():
    await asyncio.create_task(child())


asyncio.run(main())
