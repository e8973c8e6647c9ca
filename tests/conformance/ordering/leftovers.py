# Tasks left over at the end of run are cancelled, and may still do something.
import asyncio

async def stubborn():
    try:
        await asyncio.sleep(100)
    except asyncio.CancelledError:
        print("one more wait")
        await asyncio.sleep(0.01)
        print("it's over")

async def main():
    asyncio.create_task(stubborn())
    asyncio.get_running_loop().call_later(50, print, "never")
    asyncio.get_running_loop().call_soon(print, "soon after")
    await asyncio.sleep(0)
    print("main ends")

asyncio.run(main())
print("after")
