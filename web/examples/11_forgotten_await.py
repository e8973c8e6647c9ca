# Title: An await that was forgotten
# Calling save() only makes a coroutine. Nothing of it ever runs.
# Finding: never-awaited
import asyncio


async def save(text):
    await asyncio.sleep(0.01)
    print(f'saved {text}')


async def main():
    save('the letter')  # should be: await save('the letter')
    await asyncio.sleep(0.02)
    print('done, but nothing was saved')


asyncio.run(main())
