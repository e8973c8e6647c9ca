import asyncio


def tick(word):
    print(word)


def bad():
    print("before")
    1 / 0


async def main():
    loop = asyncio.get_running_loop()
    late = loop.call_later(1, tick, "never")
    loop.call_later(0.1, late.cancel)
    loop.call_soon(tick, "soon")
    loop.call_soon(bad)
    other = loop.call_later(0.2, lambda: print("lambda"))
    await asyncio.sleep(0.15)
    print(other.cancelled())
    other.cancel()
    print(other.cancelled())


asyncio.run(main())
