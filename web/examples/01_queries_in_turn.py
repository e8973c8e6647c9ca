# Title: Two queries, one after the other
# Each query takes 50 ms. Awaited in turn they take 100 ms.
import asyncio
import time


async def query(name):
    await asyncio.sleep(0.05)  # the database is thinking
    return f'{name}: done'


async def main():
    start = time.perf_counter()
    print(await query('users'))
    print(await query('orders'))
    print(f'{time.perf_counter() - start:.2f} s')


asyncio.run(main())
