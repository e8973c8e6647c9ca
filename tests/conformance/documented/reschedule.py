# Coroutines and tasks: a timeout whose deadline is set later, and asked whether it expired.
import asyncio

async def main():
    try:
        async with asyncio.timeout(None) as limit:
            limit.reschedule(asyncio.get_running_loop().time() + 10)
            await asyncio.sleep(3600)
    except TimeoutError:
        pass
    if limit.expired():
        print("Looks like we haven't finished on time.")

asyncio.run(main())
