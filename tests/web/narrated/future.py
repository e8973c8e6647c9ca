import asyncio


def ring(bell):
    bell.set_result("ding")


async def main():
    loop = asyncio.get_running_loop()
    bell = loop.create_future()
    loop.call_later(0.01, ring, bell)
    print(await bell)


asyncio.run(main())
