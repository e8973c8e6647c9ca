# Debug mode tells slow callbacks and steps.
import asyncio, time

def slow():
    time.sleep(0.15)

async def main():
    loop = asyncio.get_running_loop()
    print(loop.get_debug(), loop.slow_callback_duration)
    loop.call_soon(slow)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    time.sleep(0.12)
    await asyncio.sleep(0)
    loop.slow_callback_duration = 1
    time.sleep(0.12)
    await asyncio.sleep(0)

asyncio.run(main(), debug=True)
