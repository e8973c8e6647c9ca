# asyncio.timeout: expires, doesn't, is moved, is nested; the right one is blamed.
import asyncio

async def attempt(name, outer, inner, delay):
    try:
        async with asyncio.timeout(outer) as a:
            try:
                async with asyncio.timeout(inner) as b:
                    await asyncio.sleep(delay)
            except TimeoutError:
                print(name, "inner expired", a.expired(), b.expired())
                await asyncio.sleep(delay)
    except TimeoutError:
        print(name, "outer expired", a.expired())
    print(name, "over", asyncio.current_task().cancelling())

async def main():
    loop = asyncio.get_running_loop()
    await attempt("both fit", 0.05, 0.04, 0.01)
    await attempt("inner", 0.05, 0.01, 0.02)
    await attempt("outer", 0.01, 0.05, 0.03)
    await attempt("both", 0.03, 0.01, 0.09)
    async with asyncio.timeout(0.01) as limit:
        limit.reschedule(loop.time() + 0.05)
        await asyncio.sleep(0.03)
    print("moved", limit.expired())
    async with asyncio.timeout(None) as limit:
        print(limit.when())
    try:
        async with asyncio.timeout_at(loop.time() - 1):
            print("begins")
            await asyncio.sleep(0)
            print("never")
    except TimeoutError as error:
        print(repr(error))

asyncio.run(main())
