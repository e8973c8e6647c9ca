import asyncio


class Connection:
    def __init__(self, name):
        self.name = name

    async def __aenter__(self):
        await asyncio.sleep(0.02)  # the handshake
        print(f'{self.name}: open')

    async def __aexit__(self, *error):
        await asyncio.sleep(0.01)  # saying goodbye
        print(f'{self.name}: closed')


async def good():
    async with Connection('good'):
        print('good: at work')


async def bad():
    try:
        async with Connection('bad'):
            raise ValueError
    except ValueError:
        print('bad: failed')


async def main():
    await asyncio.gather(good(), bad())


asyncio.run(main())
