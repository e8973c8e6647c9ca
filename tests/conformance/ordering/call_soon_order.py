# Callbacks run in the order in which they were asked for; what they ask for runs in the next turn.
import asyncio

async def main():
    loop = asyncio.get_running_loop()
    def first():
        print("first")
        loop.call_soon(print, "first's child")
    loop.call_soon(first)
    loop.call_soon(print, "second")
    handle = loop.call_soon(print, "never: cancelled")
    handle.cancel()
    handle.cancel()
    print(handle.cancelled())
    for turn in range(3):
        print("turn", turn)
        await asyncio.sleep(0)

asyncio.run(main())
