import asyncio


async def answer():
    await asyncio.sleep(1)


async def main():
    try:
        await asyncio.wait_for(answer(), 0.05)
    except TimeoutError:
        print("no answer")


asyncio.run(main())
