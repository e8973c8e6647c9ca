import asyncio
import time
import traceback


async def fails(number):
    raise ValueError(f"number {number}")


async def main():
    time.sleep(0.5)
    print("before")
    try:
        await fails(1)
    except ValueError:
        traceback.print_exc()
    print("between")
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fails(2))
    except* ValueError as error:
        traceback.print_exception(error)
    print("after")


asyncio.run(main())
