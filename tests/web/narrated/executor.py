import asyncio
import time


def read_file():
    time.sleep(0.02)
    return "text"


async def main():
    print(await asyncio.to_thread(read_file))


asyncio.run(main())
