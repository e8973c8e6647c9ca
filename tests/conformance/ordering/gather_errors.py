# The first error goes to who waits; the others run on, and their errors are told by nobody.
import asyncio

async def fail(name, delay):
    try:
        await asyncio.sleep(delay)
    except asyncio.CancelledError:
        print(name, "cancelled")
        raise
    print(name, "fails")
    raise ValueError(name)

async def main():
    try:
        await asyncio.gather(fail("a", 0.02), fail("b", 0.01), fail("c", 0.03))
    except ValueError as error:
        print("main gets", error)
    await asyncio.sleep(0.05)
    print(await asyncio.gather(fail("d", 0.01), asyncio.sleep(0, "fine"), fail("e", 0), return_exceptions=True))
    group = asyncio.gather(fail("f", 1), fail("g", 1))
    asyncio.get_running_loop().call_later(0.01, group.cancel)
    try:
        await group
    except asyncio.CancelledError:
        print("the gather was cancelled", group.cancelled())

asyncio.run(main())
