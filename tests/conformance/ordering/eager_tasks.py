# Eager tasks run at once, up to their first wait; what is done by then never meets the loop.
import asyncio

async def work(name, wait):
    print(name, "begins in", asyncio.current_task().get_name())
    if wait:
        await asyncio.sleep(0)
        print(name, "resumes")
    return name

async def main():
    print("main", asyncio.current_task().get_name())
    done = asyncio.create_task(work("done", False), name="done", eager_start=True)
    print(done.done(), done.result())
    waits = asyncio.create_task(work("waits", True), name="waits", eager_start=True)
    lazy = asyncio.create_task(work("lazy", True), name="lazy")
    print(waits.done(), lazy.done(), asyncio.current_task().get_name())
    print(await waits, await lazy)
    loop = asyncio.get_running_loop()
    loop.set_task_factory(asyncio.eager_task_factory)
    print(await asyncio.gather(work("a", False), work("b", True), work("c", False)))
    later = asyncio.create_task(work("later", True), eager_start=False)
    print("later is made")
    await later
    loop.set_task_factory(None)

asyncio.run(main())
