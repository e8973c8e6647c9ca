import asyncio


async def query(name):
    await asyncio.sleep(0.05)  # the database works
    return f'{name} answered'


async def main():
    print('in turn:')
    print(await query('users'))
    print(await query('orders'))

    print('at once:')
    bills = asyncio.create_task(
        query('bills'), name='bills'
    )
    items = asyncio.create_task(
        query('items'), name='items'
    )
    print(await bills)
    print(await items)
    print('done')


asyncio.run(main())
