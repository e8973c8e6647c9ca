import asyncio


async def work(name):
    print(name)
    await asyncio.sleep(1)


async def main():
    task = asyncio.Task(work("plain"), name="plain")
    eager = asyncio.Task(work("eager"), name="eager", loop=asyncio.get_running_loop(), eager_start=True)
    print("made")
    await asyncio.wait([task, eager])


asyncio.run(main())
