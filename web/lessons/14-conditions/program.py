import asyncio

table, pizzas = asyncio.Condition(), []


async def guest(name):
    async with table:
        while not pizzas:
            await table.wait()
        print(f'{name}: eats {pizzas.pop()}')


async def cook():
    for number in (1, 2):
        await asyncio.sleep(0.02)
        async with table:
            pizzas.append(number)
            table.notify_all()
            print(f'cook: pizza {number}')
            await asyncio.sleep(0.01)  # still at work


async def main():
    async with asyncio.TaskGroup() as tg:
        tg.create_task(guest('Ada'), name='Ada')
        tg.create_task(guest('Bob'), name='Bob')
        tg.create_task(cook())


asyncio.run(main())
