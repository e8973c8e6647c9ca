import asyncio


async def job():
    await asyncio.sleep(0.1)
    return "saved"


async def main():
    print(await asyncio.shield(job()))


asyncio.run(main())
