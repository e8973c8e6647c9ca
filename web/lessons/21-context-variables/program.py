import asyncio
from contextvars import ContextVar

user = ContextVar('user')


async def log(text):
    print(f'{user.get()}: {text}')


async def handle(name):
    user.set(name)
    await log('begins')
    await asyncio.sleep(0.01)
    await log('ends')


async def main():
    user.set('nobody')
    ada = asyncio.create_task(handle('Ada'), name='Ada')
    bob = asyncio.create_task(handle('Bob'), name='Bob')
    await ada
    await bob
    await log('main goes on')


asyncio.run(main())
