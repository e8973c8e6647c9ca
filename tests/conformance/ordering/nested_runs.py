# A loop can't be run in a running loop.
import asyncio

async def inner():
    return 1

async def main():
    for attempt in (asyncio.run, asyncio.new_event_loop().run_until_complete, asyncio.get_running_loop().run_until_complete):
        coro = inner()
        try:
            attempt(coro)
        except RuntimeError as error:
            print(error)
        coro.close()
    try:
        asyncio.get_running_loop().run_forever()
    except RuntimeError as error:
        print(error)
    try:
        asyncio.get_running_loop().close()
    except RuntimeError as error:
        print(error)

asyncio.run(main())
try:
    asyncio.run(inner)
except (ValueError, TypeError) as error:
    print(type(error).__name__, error)
