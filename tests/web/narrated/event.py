import asyncio


class Race:
    def __init__(self):
        self.start = asyncio.Event()

    async def run(self):
        await self.start.wait()


async def main():
    race = Race()
    runner = asyncio.create_task(race.run())
    await asyncio.sleep(0.03)
    race.start.set()
    await runner


asyncio.run(main())
