# Who waits for whom, as asyncio prints it.
import asyncio

async def leaf():
    asyncio.print_call_graph()
    graph = asyncio.capture_call_graph()
    print(len(graph.call_stack), len(graph.awaited_by))
    await asyncio.sleep(0.01)

async def middle():
    await leaf()

async def top():
    async with asyncio.TaskGroup() as group:
        group.create_task(middle(), name="middle")

async def main():
    task = asyncio.create_task(top(), name="top")
    await asyncio.sleep(0.005)
    print(asyncio.format_call_graph(task))
    await task

asyncio.run(main())
