# Errors in callbacks and forgotten tasks reach the loop's handler; a handler's own errors do too.
import asyncio, gc

def fail(name):
    raise ValueError(name)

def handler(loop, context):
    print("handler:", context["message"].partition("(")[0], repr(context.get("exception")))

def bad_handler(loop, context):
    raise KeyError("handler")

async def task_fails():
    raise RuntimeError("task")

async def main():
    loop = asyncio.get_running_loop()
    loop.call_soon(fail, "default handler")
    await asyncio.sleep(0)
    loop.set_exception_handler(handler)
    print(loop.get_exception_handler() is handler)
    loop.call_soon(fail, "own handler")
    loop.call_later(0, fail, "timer")
    task = asyncio.create_task(task_fails())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
    gc.collect()
    future = loop.create_future()
    future.set_exception(OSError("future"))
    del future
    gc.collect()
    loop.call_exception_handler({"message": "by hand"})
    loop.set_exception_handler(bad_handler)
    loop.call_soon(fail, "bad handler")
    await asyncio.sleep(0)
    loop.set_exception_handler(None)

asyncio.run(main())
