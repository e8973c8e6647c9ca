import asyncio


async def part(barrier):
    try:
        await barrier.wait()
    except asyncio.BrokenBarrierError:
        print("broken")


async def main():
    barrier = asyncio.Barrier(3)
    ann = asyncio.create_task(part(barrier), name="ann")
    ben = asyncio.create_task(part(barrier), name="ben")
    await asyncio.sleep(0.1)
    await barrier.abort()
    await asyncio.wait([ann, ben])


asyncio.run(main())
