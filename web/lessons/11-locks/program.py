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
    ada = asyncio.create_task(withdraw('Ada', 30), name='Ada')
    bob = asyncio.create_task(withdraw('Bob', 50), name='Bob')
    await ada
    await bob
    print(f'left: {balance}')


asyncio.run(main())
