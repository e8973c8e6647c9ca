# SystemExit in a task ends the loop and the program; others are cancelled on the way.
import asyncio, sys

async def other():
    try:
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        print("other is cancelled")
        raise

async def quits():
    await asyncio.sleep(0.01)
    sys.exit(3)

async def main():
    tasks = asyncio.create_task(other()), asyncio.create_task(quits())
    try:
        await asyncio.gather(*tasks)
    finally:
        print("main's finally")

try:
    asyncio.run(main())
finally:
    print("at the end")
