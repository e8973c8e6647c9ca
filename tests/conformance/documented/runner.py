# Runners: a runner's main coroutine.
import asyncio

async def main():
    await asyncio.sleep(1)
    print("hello")

with asyncio.Runner() as runner:
    runner.run(main())
