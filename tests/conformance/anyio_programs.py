"""Programs on anyio: task groups, cancel scopes, memory object streams, and what it has besides."""

PROGRAMS = {
    "task groups": (
        """
        import anyio

        async def child(name, delay):
            await anyio.sleep(delay)
            print(name, "done")
            return name

        async def starts(task_status=anyio.TASK_STATUS_IGNORED):
            await anyio.sleep(0.01)
            task_status.started("ready")
            await anyio.sleep(0.02)
            print("the started one ends")

        async def fails():
            await anyio.sleep(0.01)
            raise ValueError("child")

        async def patient():
            try:
                await anyio.sleep(10)
            except anyio.get_cancelled_exc_class():
                print("patient is cancelled")
                raise

        async def main():
            async with anyio.create_task_group() as group:
                for name, delay in (("slow", 0.03), ("quick", 0.01), ("middle", 0.02)):
                    group.start_soon(child, name, delay)
                print(await group.start(starts))
            print("over")
            try:
                async with anyio.create_task_group() as group:
                    group.start_soon(patient)
                    group.start_soon(fails)
            except* ValueError as errors:
                print(errors.exceptions)

        anyio.run(main)
        """,
        """
        quick done
        ready
        middle done
        slow done
        the started one ends
        over
        patient is cancelled
        (ValueError('child'),)
        """,
    ),
    "cancel scopes": (
        """
        import anyio

        async def main():
            with anyio.move_on_after(0.01) as scope:
                await anyio.sleep(1)
                print("never")
            print(scope.cancelled_caught, scope.cancel_called)
            try:
                with anyio.fail_after(0.01):
                    await anyio.sleep(1)
            except TimeoutError:
                print("too late")
            async with anyio.create_task_group() as group:
                group.start_soon(anyio.sleep, 100)
                with anyio.CancelScope(shield=True):
                    group.cancel_scope.cancel()
                    await anyio.sleep(0.01)
                    print("shielded")
                try:
                    await anyio.sleep(0)
                    print("never")
                finally:
                    print("cancelled", group.cancel_scope.cancel_called)
            with anyio.CancelScope() as outer:
                with anyio.CancelScope() as inner:
                    outer.cancel()
                    await anyio.lowlevel.checkpoint()
                print("never")
            print(outer.cancelled_caught, inner.cancelled_caught, round(anyio.current_time() % 1, 3) >= 0)

        import anyio.lowlevel
        anyio.run(main)
        """,
        """
        True True
        too late
        shielded
        cancelled True
        True False True
        """,
    ),
    "memory object streams": (
        """
        import anyio

        async def consumer(name, stream):
            async with stream:
                async for item in stream:
                    print(name, item)
                    await anyio.sleep(0.01)
            print(name, "ends")

        async def main():
            send, receive = anyio.create_memory_object_stream(1)
            async with anyio.create_task_group() as group:
                group.start_soon(consumer, "a", receive.clone())
                group.start_soon(consumer, "b", receive)
                async with send:
                    for k in range(5):
                        await send.send(k)
                        print("sent", k, send.statistics().current_buffer_used)
            send, receive = anyio.create_memory_object_stream(1)
            send.send_nowait("full")
            try:
                send.send_nowait("more")
            except anyio.WouldBlock:
                print("would block")
            receive.close()
            try:
                await send.send("nobody")
            except anyio.BrokenResourceError:
                print("broken")
            send.close()

        anyio.run(main)
        """,
        """
        sent 0 1
        a 0
        sent 1 0
        b 1
        sent 2 1
        a 2
        b 3
        sent 3 0
        sent 4 1
        a 4
        b ends
        a ends
        would block
        broken
        """,
    ),
    "locks and limiters": (
        """
        import anyio

        async def user(name, lock, limiter):
            async with lock:
                print(name, "has the lock")
                await anyio.sleep(0.01)
            async with limiter:
                print(name, "is let in")
                await anyio.sleep(0.01)

        async def main():
            lock, limiter, event = anyio.Lock(), anyio.CapacityLimiter(2), anyio.Event()
            async with anyio.create_task_group() as group:
                for name in "abc":
                    group.start_soon(user, name, lock, limiter)
                group.start_soon(event.wait)
                await anyio.sleep(0.05)
                event.set()
            print(limiter.available_tokens)

        anyio.run(main)
        """,
        """
        a has the lock
        b has the lock
        a is let in
        c has the lock
        b is let in
        c is let in
        2
        """,
    ),
}
