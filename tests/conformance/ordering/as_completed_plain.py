# as_completed as a plain iterator: awaitables that take the next result, whatever it is.
import asyncio

async def work(name, delay, fail=False):
    await asyncio.sleep(delay)
    if fail:
        raise ValueError(name)
    return name

async def main():
    tasks = [work("slow", 0.03), work("quick", 0.01), work("fails", 0.02, True)]
    for first in asyncio.as_completed(tasks):
        try:
            print(await first)
        except ValueError as error:
            print("error", error)
    try:
        for first in asyncio.as_completed([work("late", 0.05), work("early", 0.01)], timeout=0.02):
            print(await first)
    except TimeoutError as error:
        print(repr(error))

asyncio.run(main())
