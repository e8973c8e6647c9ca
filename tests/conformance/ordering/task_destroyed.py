# A pending task that goes away is told.
import asyncio, gc

async def stuck():
    await asyncio.get_running_loop().create_future()

async def main():
    task = asyncio.create_task(stuck(), name="stuck")
    await asyncio.sleep(0)
    asyncio.tasks._unregister_task(task)
    del task
    gc.collect()
    print("main ends")

asyncio.run(main())
loop = asyncio.new_event_loop()
task = loop.create_task(stuck(), name="left")
loop.call_soon(loop.stop)
loop.run_forever()
loop.close()
del task
gc.collect()
print("over")
