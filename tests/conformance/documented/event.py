# Synchronisation: somebody waits for an event.
import asyncio

async def waiter(event):
    print("waiting for it ...")
    await event.wait()
    print("... got it!")

async def main():
    event = asyncio.Event()
    waiting = asyncio.create_task(waiter(event))
    await asyncio.sleep(1)
    event.set()
    await waiting

asyncio.run(main())
