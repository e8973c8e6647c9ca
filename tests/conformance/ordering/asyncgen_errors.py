# What a generator raises while it's closed goes to the exception handler; athrow and asend.
import asyncio

async def bad():
    try:
        yield 1
    finally:
        raise ValueError("in finally")

async def echo():
    value = None
    while True:
        try:
            value = yield value
            await asyncio.sleep(0)
        except KeyError as error:
            value = repr(error)

async def main():
    asyncio.get_running_loop().set_exception_handler(lambda loop, c: print(c["message"].partition("<")[0], repr(c["exception"])))
    e = echo()
    await anext(e)
    print(await e.asend("hello"), await e.athrow(KeyError("thrown")))
    await e.aclose()
    global kept
    kept = bad()
    print(await anext(kept))

asyncio.run(main())
