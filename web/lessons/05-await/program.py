import asyncio


async def double(number):
    print(f'double {number}')
    return number * 2


async def bystander():
    print('bystander')


async def main():
    other = asyncio.create_task(bystander())  # ready
    print('await a coroutine')
    await double(1)
    print('await a task')
    await asyncio.create_task(double(2))
    print('main again')
    await other


asyncio.run(main())
