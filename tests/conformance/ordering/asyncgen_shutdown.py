# A generator left open is closed at the loop's end, and may wait in its finally.
import asyncio

async def numbers(name):
    try:
        for k in range(3):
            yield k
            await asyncio.sleep(0)
    finally:
        print(name, "cleans up")
        await asyncio.sleep(0.01)
        print(name, "is clean")

async def main():
    async for k in numbers("broken off"):
        print(k)
        break
    global kept
    kept = numbers("kept")
    print(await anext(kept))
    async for k in numbers("whole"):
        print(k)
    closed = numbers("closed")
    await anext(closed)
    await closed.aclose()
    print("main ends")

asyncio.run(main())
print("after the run")
