# Title: A lock two tasks fight for
# One at a time may change the balance. The other one waits.
import asyncio

balance = 100


async def withdraw(name, amount, lock):
    global balance
    async with lock:
        print(f'{name} sees {balance}')
        seen = balance
        await asyncio.sleep(0.02)  # ask the bank
        balance = seen - amount
        print(f'{name} leaves {balance}')


async def main():
    lock = asyncio.Lock()
    async with asyncio.TaskGroup() as group:
        group.create_task(withdraw('Ada', 30, lock), name='Ada')
        group.create_task(withdraw('Bob', 50, lock), name='Bob')
    print(f'in the end: {balance}')


asyncio.run(main())
