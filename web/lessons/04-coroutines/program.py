import asyncio


async def count(name, number):
    for _ in range(3):
        number += 1
        print(f'{name}: {number}')
        await asyncio.sleep(0.01)


async def main():
    low = count('low', 0)
    high = count('high', 100)
    print('called')
    low = asyncio.create_task(low, name='low')
    high = asyncio.create_task(high, name='high')
    await low
    await high


asyncio.run(main())
