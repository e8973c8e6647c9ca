"""Programs that raise a finding, and look-alikes that raise none.

Each is the body of a coroutine ``main``; functions may stand before a line ``---``. The file is long because it is a
list.
"""

from __future__ import annotations

QUERY = """
async def query(name, seconds=0.05):
    await asyncio.sleep(seconds)
    return name
---
"""

STUBBORN = """
async def stubborn():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        return "late"
---
"""

RAISED = {
    "two locks in opposite order": (
        "deadlock",
        """
        async def both(one, other):
            async with one:
                await asyncio.sleep(0.01)
                async with other:
                    pass
        ---
        left, right = asyncio.Lock(), asyncio.Lock()
        await asyncio.gather(both(left, right), both(right, left))
        """,
    ),
    "an event nobody sets": ("deadlock", "await asyncio.Event().wait()"),
    "a task that waits for itself through another": (
        "deadlock",
        """
        async def wait_for(others):
            await asyncio.sleep(0)
            await others[0]
        ---
        tasks = []
        tasks.append(asyncio.create_task(wait_for(tasks)))
        one = asyncio.create_task(wait_for([tasks[0]]))
        tasks[0] = one
        await one
        """,
    ),
    "time.sleep while another is due": (
        "blocked",
        """
        async def beat():
            for _ in range(3):
                await asyncio.sleep(0.02)
        ---
        task = asyncio.create_task(beat())
        await asyncio.sleep(0.01)
        time.sleep(0.2)
        await task
        """,
    ),
    "many short steps": (
        "starved",
        """
        async def work():
            for _ in range(20):
                time.sleep(0.01)
                await asyncio.sleep(0)
        ---
        await asyncio.gather(*(work() for _ in range(20)))
        """,
    ),
    "two results that are printed": ("in-turn", QUERY + "print(await query('a'))\nprint(await query('b'))"),
    "two results that are kept": (
        "in-turn",
        QUERY + "a = await query('a')\nb = await query('b')\nreturn a, b",
    ),
    "two calls for their effect": ("in-turn", QUERY + "await query('a')\nawait query('b')"),
    "a slow await in a lock": (
        "lock-held",
        """
        async def save(lock):
            async with lock:
                await asyncio.sleep(0.05)
        ---
        lock = asyncio.Lock()
        await asyncio.gather(save(lock), save(lock), save(lock))
        """,
    ),
    "polling with sleep(0)": (
        "busy",
        """
        async def poll(done):
            while not done:
                await asyncio.sleep(0)
        ---
        done = []
        task = asyncio.create_task(poll(done))
        await asyncio.sleep(0.01)
        done.append(1)
        await task
        """,
    ),
    "except CancelledError and go on": (
        "swallowed",
        """
        async def stubborn():
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                pass
            await asyncio.sleep(0.01)
        ---
        task = asyncio.create_task(stubborn())
        await asyncio.sleep(0.01)
        task.cancel()
        await task
        """,
    ),
    "a task that outlives main": (
        "pending",
        """
        async def background():
            await asyncio.sleep(10)
        ---
        task = asyncio.create_task(background())
        await asyncio.sleep(0.01)
        """,
    ),
    "a gather that failed, and one that goes on": (
        "sibling",
        """
        async def fails():
            raise ValueError("no")
        async def goes_on():
            await asyncio.sleep(0.05)
        ---
        try:
            await asyncio.gather(fails(), goes_on())
        except ValueError:
            pass
        await asyncio.sleep(0.1)
        """,
    ),
    "tasks made before, and given to gather": (
        "sibling",
        """
        async def fails():
            raise ValueError("no")
        async def goes_on():
            await asyncio.sleep(0.05)
        ---
        one = asyncio.create_task(fails())
        other = asyncio.create_task(goes_on())
        try:
            await asyncio.gather(one, other)
        except ValueError:
            pass
        await asyncio.sleep(0.1)
        """,
    ),
    "a semaphore that holders want twice": (
        "deadlock",
        """
        async def twice(slots):
            async with slots:
                await asyncio.sleep(0.01)
                async with slots:
                    pass
        ---
        slots = asyncio.Semaphore(2)
        await asyncio.gather(twice(slots), twice(slots))
        """,
    ),
    "one too few at a barrier": (
        "deadlock",
        """
        async def comes(barrier):
            await barrier.wait()
        ---
        barrier = asyncio.Barrier(3)
        await asyncio.gather(comes(barrier), comes(barrier))
        """,
    ),
    "a child of a TaskGroup that goes on": (
        "swallowed",
        """
        async def fails():
            raise ValueError("no")
        async def stubborn():
            try:
                await asyncio.sleep(1)
            except asyncio.CancelledError:
                pass
            await asyncio.sleep(1)
        ---
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(stubborn())
                group.create_task(fails())
        except* ValueError:
            pass
        """,
    ),
    "an exception nobody looks at": (
        "never-retrieved",
        """
        async def fails():
            raise ValueError
        ---
        task = asyncio.create_task(fails())
        await asyncio.sleep(0.01)
        del task
        """,
    ),
    "two locks in opposite order, and a timeout": (
        "lock-order",
        """
        async def both(one, other):
            async with one:
                await asyncio.sleep(0.01)
                async with other:
                    pass
        ---
        left, right = asyncio.Lock(), asyncio.Lock()
        try:
            async with asyncio.timeout(0.1):
                await asyncio.gather(both(left, right), both(right, left))
        except TimeoutError:
            pass
        """,
    ),
    "three locks in a circle, and one that is cancelled": (
        "lock-order",
        """
        async def both(one, other):
            async with one:
                await asyncio.sleep(0.01)
                async with other:
                    pass
        ---
        a, b, c = asyncio.Lock(), asyncio.Lock(), asyncio.Lock()
        tasks = [asyncio.create_task(both(*pair)) for pair in ((a, b), (b, c), (c, a))]
        await asyncio.sleep(0.03)
        tasks[0].cancel()
        await asyncio.wait(tasks)
        """,
    ),
    "a future's exception nobody looks at": (
        "never-retrieved",
        """
        future = asyncio.get_running_loop().create_future()
        future.set_exception(OSError("lost"))
        del future
        await asyncio.sleep(0)
        """,
    ),
    "a task whose loop is closed without it": (
        "destroyed-pending",
        """
        async def left():
            await asyncio.get_running_loop().create_future()
        def outside():
            loop = asyncio.new_event_loop()
            task = loop.create_task(left())
            loop.call_soon(loop.stop)
            loop.run_forever()
            loop.close()
        outside()
        ---
        pass
        """,
    ),
    "one that waits for who swallows its cancellation": (
        "swallowed",
        """
        async def stubborn():
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                pass
        async def innocent():
            await asyncio.create_task(stubborn())
        ---
        task = asyncio.create_task(innocent())
        await asyncio.sleep(0.01)
        task.cancel()
        await task
        """,
    ),
    "a timeout whose block swallows it": (
        "swallowed",
        """
        async with asyncio.timeout(0.01):
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                pass
        """,
    ),
    "a timeout whose block goes on after it": (
        "swallowed",
        """
        async with asyncio.timeout(0.01):
            for _ in range(3):
                try:
                    await asyncio.sleep(1)
                except BaseException:
                    pass
        """,
    ),
    "a time limit for a coroutine that swallows it": (
        "swallowed",
        STUBBORN + "await asyncio.wait_for(stubborn(), 0.01)\n",
    ),
    "a timeout around a task that swallows its cancellation": (
        "swallowed",
        STUBBORN + "async with asyncio.timeout(0.01):\n    await asyncio.create_task(stubborn())\n",
    ),
    "a timeout around a TaskGroup with a task that swallows its cancellation": (
        "swallowed",
        STUBBORN
        + """
async with asyncio.timeout(0.01):
    async with asyncio.TaskGroup() as group:
        group.create_task(stubborn())
""",
    ),
}


NOT_RAISED = {
    "a timeout whose block cleans up for a while": """
        try:
            async with asyncio.timeout(0.01):
                try:
                    await asyncio.sleep(1)
                finally:
                    await asyncio.sleep(0.02)
        except TimeoutError:
            pass
    """,
    "a timeout whose block passes it on": """
        try:
            async with asyncio.timeout(0.01):
                try:
                    await asyncio.sleep(1)
                except asyncio.CancelledError:
                    await asyncio.sleep(0)
                    raise
        except TimeoutError:
            pass
        await asyncio.sleep(1)
    """,
    "a timeout whose block fails as it is cancelled": """
        try:
            async with asyncio.timeout(0.01):
                try:
                    await asyncio.sleep(1)
                except asyncio.CancelledError:
                    raise ValueError
        except (ValueError, TimeoutError):
            pass
    """,
    "a timeout within a timeout, and a TaskGroup in it": """
        try:
            async with asyncio.timeout(1), asyncio.timeout(0.01), asyncio.TaskGroup() as group:
                group.create_task(asyncio.sleep(5))
                await asyncio.sleep(3)
        except TimeoutError:
            pass
    """,
    "a time limit for what is shielded": """
        task = asyncio.create_task(asyncio.sleep(1))
        try:
            await asyncio.wait_for(asyncio.shield(task), 0.01)
        except TimeoutError:
            pass
        await task
    """,
    "what is done in the moment in which its timeout is over": """
        try:
            async with asyncio.timeout(1):
                await asyncio.create_task(asyncio.sleep(1))
        except TimeoutError:
            pass
        try:
            await asyncio.wait_for(asyncio.sleep(1), 1)
        except TimeoutError:
            pass
    """,
    "a wait with a timer": "await asyncio.wait_for(asyncio.sleep(0.01), 5)",
    "a long sleep": "await asyncio.sleep(100)",
    "a blocking step with nobody else": "time.sleep(0.5)\nawait asyncio.sleep(0.01)",
    "the second uses the first's result": QUERY + "a = await query('a')\nb = await query(a)\nreturn b",
    "two at once": QUERY + "await asyncio.gather(query('a'), query('b'))",
    "sleeps in a row": "await asyncio.sleep(0.05)\nawait asyncio.sleep(0.05)",
    "a lock held for an instant": """
        async def add(lock, total):
            async with lock:
                total.append(1)
        ---
        lock = asyncio.Lock()
        await asyncio.gather(*(add(lock, []) for _ in range(10)))
        """,
    "a gather that failed, its others cancelled by who caught it": """
        async def fails():
            raise ValueError("no")
        ---
        tasks = [asyncio.create_task(fails()), asyncio.create_task(asyncio.sleep(1))]
        try:
            await asyncio.gather(*tasks)
        except ValueError:
            tasks[1].cancel()
        await asyncio.sleep(0.01)
        """,
    "a gather that failed, its others awaited by who caught it": """
        async def fails():
            raise ValueError("no")
        ---
        tasks = [asyncio.create_task(fails()), asyncio.create_task(asyncio.sleep(1))]
        try:
            await asyncio.gather(*tasks)
        except ValueError:
            await asyncio.wait(tasks)
        """,
    "a gather that returns exceptions": """
        async def fails():
            raise ValueError("no")
        ---
        await asyncio.gather(fails(), asyncio.sleep(0.1), return_exceptions=True)
        """,
    "a gather whose last one fails": """
        async def fails():
            await asyncio.sleep(0.02)
            raise ValueError("no")
        ---
        try:
            await asyncio.gather(asyncio.sleep(0.01), fails())
        except ValueError:
            pass
        """,
    "a few turns of sleep(0)": "for _ in range(20): await asyncio.sleep(0)",
    "a cancellation that is heard": """
        async def polite():
            try:
                await asyncio.sleep(10)
            finally:
                await asyncio.sleep(0.01)
        ---
        task = asyncio.create_task(polite())
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])
        """,
    "a timeout that is caught": """
        try:
            async with asyncio.timeout(0.01):
                await asyncio.sleep(1)
        except TimeoutError:
            await asyncio.sleep(0.01)
        """,
    "a failing group that is caught": """
        async def fails():
            raise ValueError
        ---
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(fails())
                group.create_task(asyncio.sleep(1))
        except* ValueError:
            pass
        await asyncio.sleep(0.01)
        """,
    "a lock held across a sleep, while others wait for another reason": """
        async def first(a, b):
            async with a:
                await asyncio.sleep(0.06)
                async with b:
                    await asyncio.sleep(0.01)
        async def second(a, b):
            await asyncio.sleep(0.05)
            async with a:
                pass
        ---
        a, b = asyncio.Lock(), asyncio.Lock()
        await asyncio.gather(first(a, b), second(a, b))
        """,
    "two locks in one order": """
        async def both(one, other):
            async with one:
                async with other:
                    await asyncio.sleep(0.01)
        ---
        one, other = asyncio.Lock(), asyncio.Lock()
        await asyncio.gather(both(one, other), both(one, other))
        """,
    "a task that leaves the program by sys.exit, with others at work": """
        import sys
        async def quits():
            await asyncio.sleep(0.01)
            sys.exit(3)
        ---
        await asyncio.gather(asyncio.sleep(1), quits())
        """,
    "a KeyboardInterrupt in a task, caught outside of the loop": """
        async def interrupted():
            raise KeyboardInterrupt
        async def waits():
            task = asyncio.create_task(interrupted())
            await asyncio.sleep(1)
        try:
            asyncio.run(waits())
        except KeyboardInterrupt:
            pass
        ---
        await asyncio.sleep(0)
        """,
    "a loop that a task stops": """
        async def waits():
            asyncio.get_running_loop().call_later(0.01, asyncio.get_running_loop().stop)
            await asyncio.sleep(1)
        try:
            asyncio.run(waits())
        except RuntimeError:
            pass
        ---
        await asyncio.sleep(0)
        """,
    "two of a stream, in turn": """
        async def fill(reader):
            for line in (b"one\\n", b"two\\n"):
                await asyncio.sleep(0.05)
                reader.feed_data(line)
        class Lines:
            def __init__(self, reader):
                self.reader = reader
            async def next_one(self):
                return await self.reader.readline()
        ---
        reader = asyncio.StreamReader()
        task = asyncio.create_task(fill(reader))
        lines = Lines(reader)
        first = await lines.next_one()
        second = await lines.next_one()
        await task
        """,
    "one that fills and one that takes from the same": """
        async def fill(items):
            await asyncio.sleep(0.05)
            items.append(1)
        async def take(items):
            await asyncio.sleep(0.05)
            items.pop()
        ---
        items = []
        await fill(items)
        await take(items)
        """,
    "one that prepares what the next one needs": """
        ready = []
        async def connect():
            await asyncio.sleep(0.05)
            ready.append(1)
        async def ask():
            await asyncio.sleep(0.05)
            return ready[0]
        ---
        await connect()
        answer = await ask()
        """,
    "a result kept in an attribute, and used through its object": """
        class User:
            async def log_in(self):
                await asyncio.sleep(0.05)
                return 'token'
            async def messages(self):
                await asyncio.sleep(0.05)
                return self.token
        ---
        user = User()
        user.token = await user.log_in()
        user.inbox = await user.messages()
        """,
}
