# wait returns at the first, at the first error, at all, or at its timeout, and cancels nothing.
import asyncio

async def work(name, delay, error=None):
    await asyncio.sleep(delay)
    print("done", name)
    if error:
        raise error
    return name

def names(tasks):
    return sorted(task.get_name() for task in tasks)

async def main():
    def tasks():
        return [
            asyncio.create_task(work("a", 0.01), name="a"),
            asyncio.create_task(work("b", 0.02, ValueError("b")), name="b"),
            asyncio.create_task(work("c", 0.03), name="c"),
        ]
    for when in (asyncio.FIRST_COMPLETED, asyncio.FIRST_EXCEPTION, asyncio.ALL_COMPLETED):
        made = tasks()
        done, pending = await asyncio.wait(made, return_when=when)
        print(when, names(done), names(pending))
        await asyncio.wait(made)
    made = tasks()
    done, pending = await asyncio.wait(made, timeout=0.015)
    print("timeout", names(done), names(pending))
    for task in pending:
        task.cancel()
    await asyncio.wait(made)
    print([task.cancelled() for task in made])
    try:
        await asyncio.wait([])
    except ValueError as error:
        print(error)

asyncio.run(main())
