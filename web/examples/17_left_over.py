# Title: A task that main does not wait for
# When main returns, asyncio.run cancels what is left.
# Finding: pending
import asyncio


async def upload(name):
    await asyncio.sleep(0.05)
    print(f'{name} is uploaded')  # never printed


async def main():
    task = asyncio.create_task(upload('holiday.jpg'))
    await asyncio.sleep(0.01)
    print('goodbye')
    return task


asyncio.run(main())
