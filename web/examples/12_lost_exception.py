# Title: An exception that nobody saw
# The task fails, and nobody asks for its result.
# Finding: never-retrieved
import asyncio


async def send(letter):
    await asyncio.sleep(0.01)
    raise ConnectionError(f'could not send {letter}')


async def main():
    asyncio.create_task(send('the letter'))  # nobody keeps it, nobody awaits it
    await asyncio.sleep(0.02)
    print('done, and nobody knows that it failed')


asyncio.run(main())
