# asyncio.run, Runner with its context, and several runs one after another.
import asyncio, contextvars

var = contextvars.ContextVar("var", default="unset")

async def work(value):
    old = var.get()
    var.set(value)
    return old, value

async def loop_id():
    return asyncio.get_running_loop()

print(asyncio.run(work(1)), var.get())
print(asyncio.run(loop_id()) is asyncio.run(loop_id()))
with asyncio.Runner() as runner:
    print(runner.run(work("first")), runner.run(work("second")), var.get())
    print(runner.run(loop_id()) is runner.get_loop())
    print(runner.run(work("third"), context=contextvars.copy_context()))
    loop = runner.get_loop()
    async def forgotten():
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            print("cancelled at close")
    async def leave():
        asyncio.create_task(forgotten())
        await asyncio.sleep(0)
    runner.run(leave())
    print("not yet")
print(loop.is_closed())
try:
    runner.run(work(2))
except RuntimeError as error:
    print(error)
try:
    asyncio.get_event_loop()
except RuntimeError as error:
    print(error)
