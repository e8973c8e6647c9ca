import asyncio


class Bus:
    def __init__(self):
        self.cond = asyncio.Condition()
        self.items = []

    async def publish(self, x):
        async with self.cond:
            self.items.append(x)
            self.cond.notify_all()

    async def next(self, n):
        async with self.cond:
            await self.cond.wait_for(lambda: len(self.items) > n)
            return self.items[n]


async def sub(bus, name):
    for n in range(3):
        print(name, await bus.next(n))


async def main():
    bus = Bus()
    await bus.publish("early")
    async with asyncio.TaskGroup() as tg:
        tg.create_task(sub(bus, "a"), name="a")
        tg.create_task(sub(bus, "b"), name="b")
        await asyncio.sleep(1)
        await bus.publish("one")
        await bus.publish("two")


asyncio.run(main())
