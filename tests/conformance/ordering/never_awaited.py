# A coroutine that nobody awaits is told.
import asyncio

async def forgotten(x):
    print("never")

async def main():
    forgotten(1)
    print("main goes on")
    await asyncio.sleep(0)

asyncio.run(main())
