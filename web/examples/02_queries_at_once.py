# Title: Two queries at once
# The same queries, each in a task of its own: 50 ms in all.
import asyncio
import time


async def query(name):
    await asyncio.sleep(0.05)  # the database is thinking
    return f'{name}: done'


async def main():
    start = time.perf_counter()
    for answer in await asyncio.gather(query('users'), query('orders')):
        print(answer)
    print(f'{time.perf_counter() - start:.2f} s')


asyncio.run(main())
