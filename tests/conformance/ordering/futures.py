# Futures: callbacks in order, removal, states and errors.
import asyncio

async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    def remove(f):
        print("removed")
    future.add_done_callback(lambda f: print("one", f.result()))
    future.add_done_callback(remove)
    future.add_done_callback(remove)
    future.add_done_callback(lambda f: print("two"))
    print(future.remove_done_callback(remove), future.done())
    future.set_result(1)
    print("set", future.done())
    try:
        future.set_result(2)
    except asyncio.InvalidStateError as error:
        print(error)
    await asyncio.sleep(0)
    future.add_done_callback(lambda f: print("late"))
    print(await future, "needs no turn")
    await asyncio.sleep(0)
    cancelled = loop.create_future()
    print(cancelled.cancel("why"), cancelled.cancel(), cancelled.cancelled())
    try:
        cancelled.result()
    except asyncio.CancelledError as error:
        print(error.args)
    bad = loop.create_future()
    try:
        bad.set_exception(StopIteration)
    except Exception as error:
        print(type(error).__name__)
    try:
        bad.result()
    except Exception as error:
        print(type(error).__name__, error)

asyncio.run(main())
