# Callbacks run in the context they were made in; timers, futures and threads of the loop too.
import asyncio, contextvars

var = contextvars.ContextVar("var", default=0)

def show(name, *_):
    print(name, var.get())
    var.set(var.get() + 100)

async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    other = contextvars.copy_context()
    other.run(var.set, 50)
    for k in range(1, 4):
        var.set(k)
        loop.call_soon(show, f"soon {k}")
        loop.call_later(0.01, show, f"timer {k}")
        future.add_done_callback(lambda f, k=k: show(f"done {k}"))
    loop.call_soon(show, "other", context=other)
    loop.call_soon(show, "other again", context=other)
    loop.call_soon_threadsafe(show, "threadsafe")
    future.set_result(None)
    await asyncio.sleep(0.02)
    print("main", var.get(), other[var])
    print(await asyncio.to_thread(var.get))

asyncio.run(main())
