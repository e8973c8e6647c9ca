import asyncio

from js import Promise, setTimeout
from pyodide.ffi import create_once_callable


def fetch(seconds):
    """A promise that JavaScript settles later."""
    return Promise.new(create_once_callable(lambda done, fail: setTimeout(done, seconds * 1000, "from outside")))


async def main():
    print(await fetch(0.05))


asyncio.run(main())
