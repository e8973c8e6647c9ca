# Timers made one after another for the same delay fire in that order, and in one turn.
import asyncio

async def main():
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    for k in range(10):
        loop.call_later(0.01, print, k)
    loop.call_later(0.01, loop.call_soon, print, "in the turn after")
    loop.call_later(0.02, done.set_result, None)
    await done

asyncio.run(main())
