# Developing: an exception that nobody retrieved, and a coroutine that nobody awaited.
import asyncio

async def bug():
    raise Exception("not consumed")

async def test():
    print("never scheduled")

async def main():
    asyncio.create_task(bug())
    test()

asyncio.run(main())
