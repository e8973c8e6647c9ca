# Title: A blocking call that freezes everyone
# While time.sleep lasts, no other task gets a turn.
import asyncio
import time


async def heartbeat():
    for beat in range(6):
        print(f'beat {beat}')
        await asyncio.sleep(0.02)


async def report():
    await asyncio.sleep(0.03)
    print('writing the report…')
    time.sleep(0.1)  # should be: await asyncio.sleep(0.1)
    print('…written')


async def main():
    await asyncio.gather(heartbeat(), report())


asyncio.run(main())
