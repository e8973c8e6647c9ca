# gather keeps the order of its arguments; equal awaitables share a result.
import asyncio

async def work(name, delay):
    await asyncio.sleep(delay)
    print("done", name)
    return name

async def main():
    shared = asyncio.ensure_future(work("shared", 0.01))
    print(await asyncio.gather(work("slow", 0.03), shared, work("quick", 0), shared, work("middle", 0.02)))
    print(await asyncio.gather())

asyncio.run(main())
