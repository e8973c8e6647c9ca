# Cancelled timers never fire; a heap with many of them is cleaned without losing others.
import asyncio

async def main():
    loop = asyncio.get_running_loop()
    fired = []
    timers = [loop.call_later(0.01 + k / 10000, fired.append, k) for k in range(300)]
    for k, timer in enumerate(timers):
        if k % 30:
            timer.cancel()
    second = loop.call_soon(timers[30].cancel)
    print(second.cancelled(), timers[1].cancelled(), timers[0].when() < timers[1].when())
    await asyncio.sleep(0.1)
    print(fired)

asyncio.run(main())
