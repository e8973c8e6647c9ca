# Title: A gather that fails, and who goes on
# gather does not cancel the others. A TaskGroup would.
# Finding: sibling
import asyncio


async def book(what, seconds):
    await asyncio.sleep(seconds)
    print(f'{what} is booked')


async def pay():
    await asyncio.sleep(0.01)
    raise ValueError('card refused')


async def main():
    try:
        await asyncio.gather(pay(), book('the flight', 0.03))
    except ValueError as error:
        print(f'called off: {error}')
    await asyncio.sleep(0.05)


asyncio.run(main())
