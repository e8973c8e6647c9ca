# Events wake all in order; conditions as many as they're told to.
import asyncio

async def wait_event(event, name):
    await event.wait()
    print(name, "event")

async def wait_condition(condition, name):
    async with condition:
        await condition.wait()
        print(name, "condition")

async def main():
    event, condition = asyncio.Event(), asyncio.Condition()
    tasks = [asyncio.create_task(wait_event(event, n)) for n in "abc"]
    tasks += [asyncio.create_task(wait_condition(condition, n)) for n in "defgh"]
    await asyncio.sleep(0)
    event.set()
    event.clear()
    await asyncio.sleep(0)
    for count in (1, 2):
        async with condition:
            condition.notify(count)
            print("notified", count)
        await asyncio.sleep(0.01)
    tasks[6].cancel()
    async with condition:
        condition.notify_all()
    await asyncio.wait(tasks)
    box = []
    async def filler():
        for k in range(3):
            async with condition:
                box.append(k)
                condition.notify()
            await asyncio.sleep(0)
    async def taker():
        async with condition:
            print(await condition.wait_for(lambda: len(box) == 3 and box))
    await asyncio.gather(taker(), filler())
    try:
        condition.notify()
    except RuntimeError as error:
        print(error)

asyncio.run(main())
