# An exception that nobody catches ends the program with a traceback.
import asyncio

async def inner():
    await asyncio.sleep(0)
    raise ValueError("inner") from KeyError("cause")

async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(inner())
    finally:
        print("finally")

asyncio.run(main())
