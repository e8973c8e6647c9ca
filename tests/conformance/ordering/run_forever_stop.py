# run_forever runs what is ready once more after stop, and may be run again.
import asyncio

loop = asyncio.new_event_loop()
loop.call_soon(print, "before")
loop.call_soon(loop.stop)
loop.call_soon(print, "in the same turn")
loop.call_soon(loop.call_soon, print, "in the next run")
loop.run_forever()
print("stopped", loop.is_running(), loop.is_closed())
loop.stop()
loop.run_forever()
print("stopped at once")

async def work(delay):
    await asyncio.sleep(delay)
    return delay

print(loop.run_until_complete(work(0.01)))
task = loop.create_task(work(0.02))
loop.call_later(0.01, loop.stop)
try:
    loop.run_until_complete(task)
except RuntimeError as error:
    print(error)
print(task.done(), loop.run_until_complete(task))
loop.close()
loop.close()
try:
    loop.call_soon(print)
except RuntimeError as error:
    print(error)
coro = work(1)
try:
    loop.run_until_complete(coro)
except RuntimeError as error:
    print(error)
coro.close()
