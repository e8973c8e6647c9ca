# A barrier opens for so many at once; it breaks, resets and counts.
import asyncio

async def party(barrier, name, delay=0):
    await asyncio.sleep(delay)
    try:
        place = await barrier.wait()
        print(name, "passes", place)
        if place == 0:
            print(name, "tidies up")
    except asyncio.BrokenBarrierError:
        print(name, "broken")

async def main():
    barrier = asyncio.Barrier(3)
    async with asyncio.TaskGroup() as group:
        for k, name in enumerate("abcdef"):
            group.create_task(party(barrier, name, k / 100))
    print(barrier.n_waiting, barrier.parties, barrier.broken)
    tasks = [asyncio.create_task(party(barrier, n)) for n in "gh"]
    await asyncio.sleep(0.01)
    print(barrier.n_waiting)
    await barrier.reset()
    await asyncio.wait(tasks)
    tasks = [asyncio.create_task(party(barrier, n)) for n in "ij"]
    await asyncio.sleep(0.01)
    await barrier.abort()
    await asyncio.wait(tasks)
    print(barrier.broken)
    await party(barrier, "k")

asyncio.run(main())
