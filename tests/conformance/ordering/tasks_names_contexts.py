# A task has its own copy of the context, or the one it's given; its name is its own.
import asyncio, contextvars

var = contextvars.ContextVar("var", default="unset")

async def show(value):
    task = asyncio.current_task()
    print(task.get_name(), var.get())
    var.set(value)
    await asyncio.sleep(0)
    print(task.get_name(), var.get())
    asyncio.get_running_loop().call_soon(lambda: print("callback", var.get()))

async def main():
    var.set("main's")
    mine = contextvars.copy_context()
    one = asyncio.create_task(show(1), name="one")
    two = asyncio.create_task(show(2), name="two", context=mine)
    three = asyncio.create_task(show(3))
    four = asyncio.create_task(show(4), name=5)
    print(three.get_name(), repr(four.get_name()))
    four.set_name("four")
    await asyncio.gather(one, two, three, four)
    print(var.get(), mine[var], one.get_context()[var])
    await asyncio.sleep(0)

asyncio.run(main())
