# Timers fire by their moment, not by their making; zero and negative delays wait for the timer heap all the same.
import asyncio

async def main():
    loop = asyncio.get_running_loop()
    loop.call_later(0.03, print, "30 ms")
    loop.call_later(0.01, print, "10 ms")
    loop.call_later(0.02, print, "20 ms")
    loop.call_later(0, print, "zero")
    loop.call_later(-1, print, "negative")
    loop.call_at(loop.time() - 5, print, "five seconds ago")
    loop.call_soon(print, "soon")
    await asyncio.sleep(0)
    print("after one turn")
    await asyncio.sleep(0)
    print("after two turns")
    await asyncio.sleep(0.05)

asyncio.run(main())
