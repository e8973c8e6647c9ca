import asyncio


async def eat(kitchen, meals):
    async with kitchen:
        await kitchen.wait_for(lambda: meals)
        meals.pop()


async def main():
    kitchen, meals = asyncio.Condition(), []
    guest = asyncio.create_task(eat(kitchen, meals))
    await asyncio.sleep(0.01)
    async with kitchen:
        meals.append("soup")
        kitchen.notify()
    await guest


asyncio.run(main())
