# Awaiting oneself, awaiting what can't be awaited, awaiting twice.
import asyncio

async def me():
    await asyncio.current_task()

async def nothing():
    return 1

class Strange:
    def __await__(self):
        yield 42

class Bare:
    def __await__(self):
        value = yield
        return value

async def strange():
    await Strange()

async def main():
    for coro in (me(), strange()):
        try:
            await asyncio.create_task(coro, name="odd")
        except RuntimeError as error:
            print(type(error).__name__, str(error).partition("<")[0])
    print(await Bare())
    coro = nothing()
    print(await coro)
    try:
        await coro
    except RuntimeError as error:
        print(error)
    try:
        await 5
    except TypeError as error:
        print(error)

asyncio.run(main())
