import asyncio
import time


async def tick():
    await asyncio.sleep(1)


loop = asyncio.new_event_loop()
task = loop.create_task(tick())
time.sleep(2)
loop.run_until_complete(task)
loop.close()
