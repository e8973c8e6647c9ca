import asyncio


async def query(name):
    await asyncio.sleep(0.05)
    return name


async def load():
    return await query("users")


async def at_once():
    return 42


async def main():
    print(await at_once())
    print(await load())


asyncio.run(main())
