# all_tasks and current_task, from tasks, callbacks and outside.
import asyncio

def names(tasks):
    return sorted(task.get_name() for task in tasks)

async def child():
    print("child", asyncio.current_task().get_name(), names(asyncio.all_tasks()))
    await asyncio.sleep(0)

async def main():
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(child(), name="child")
    print(names(asyncio.all_tasks()), asyncio.current_task() is asyncio.current_task(loop))
    loop.call_soon(lambda: print("callback", asyncio.current_task(), names(asyncio.all_tasks())))
    await task
    print(names(asyncio.all_tasks(loop)))

asyncio.run(main())
for function in (asyncio.current_task, asyncio.all_tasks):
    try:
        function()
    except RuntimeError as error:
        print(error)
