import asyncio

table = asyncio.Condition()
pizzas = 0


async def guest(name):
    global pizzas
    async with table:
        while pizzas == 0:
            print(f'{name}: waits')
            await table.wait()
        pizzas -= 1
        print(f'{name}: eats')


async def cook():
    global pizzas
    for number in (1, 2):
        await asyncio.sleep(0.02)
        async with table:
            pizzas += 1
            table.notify_all()
            print(f'cook: pizza {number}')
            await asyncio.sleep(0.01)  # still at the table


async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(guest('Ada'), name='Ada')
        group.create_task(guest('Bob'), name='Bob')
        group.create_task(cook())


asyncio.run(main())
