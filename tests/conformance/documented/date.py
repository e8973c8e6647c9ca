# Coroutines and tasks: the date every second, for five seconds.
import asyncio
import datetime

async def display_date():
    loop = asyncio.get_running_loop()
    end = loop.time() + 5.0
    while True:
        print(datetime.datetime.now())
        if (loop.time() + 1.0) >= end:
            break
        await asyncio.sleep(1)

asyncio.run(display_date())
