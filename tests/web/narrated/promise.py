import asyncio

from loopscope.promises import PromiseFuture


def fetch():
    """What Pyodide makes of a JavaScript promise: nobody but the outside can settle it."""
    return PromiseFuture(loop=asyncio.get_running_loop())


async def main():
    print(await fetch())


asyncio.run(main())
