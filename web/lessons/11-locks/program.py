import asyncio

balance = 100
lock = asyncio.Lock()


async def withdraw(name, amount):
    global balance
    async with lock:
        seen = balance
        print(f'{name} sees {seen}')
        await asyncio.sleep(0.02)  # ask the bank
        balance = seen - amount


async def main():
    async with asyncio.TaskGroup() as tg:
        tg.create_task(withdraw('Ada', 30), name='Ada')
        tg.create_task(withdraw('Bob', 50), name='Bob')
    print(f'left: {balance}')


asyncio.run(main())
