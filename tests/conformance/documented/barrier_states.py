# Synchronisation: what a barrier says of itself.
import asyncio

def state(barrier):
    return repr(barrier).partition("[")[2].rstrip("]>")

async def main():
    barrier = asyncio.Barrier(3)
    waiters = [asyncio.create_task(barrier.wait()) for _ in range(2)]
    await asyncio.sleep(0)
    print(state(barrier))
    await barrier.wait()
    print(state(barrier))
    print("barrier passed")
    await asyncio.sleep(0)
    print(state(barrier))

asyncio.run(main())
