import asyncio


async def find(user):
    await asyncio.sleep(0.01)
    check(user)


def check(user):
    raise ValueError(f"no user {user}")


async def job():
    await asyncio.sleep(1)


async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(find("Eve"))
            group.create_task(job())
    except* ValueError as errors:
        print(errors.exceptions)


asyncio.run(main())
