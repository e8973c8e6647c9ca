"""Programs whose objects do all they can to be in an instrument's way, and what they print without one.

Each ends with ``fine``. A mock is the harmless one of them: it answers whatever it is asked.
"""

from __future__ import annotations

HOSTILE = {
    "a mock is called back": (
        """
        from unittest.mock import Mock
        async def main():
            loop, mock = asyncio.get_running_loop(), Mock()
            loop.call_soon(mock, 1)
            loop.call_later(0.01, mock, 2)
            asyncio.create_task(asyncio.sleep(0)).add_done_callback(mock)
            await asyncio.sleep(0.02)
            print(len(mock.mock_calls))
        """,
        ["3"],
    ),
    "a callback whose class, name, hash and equality fail": (
        """
        class Meta(type):
            def __getattribute__(cls, name):
                if name in ('__qualname__', '__mro__', '__dict__', '__flags__', '__name__'): raise RuntimeError
                return super().__getattribute__(name)
        class Callback(metaclass=Meta):
            def __getattr__(self, name): print('asked', name); raise RuntimeError
            def __call__(self, *args): print('called', len(args))
            def __repr__(self): raise RuntimeError
            def __eq__(self, other): raise RuntimeError
            def __hash__(self): raise RuntimeError
            @property
            def __class__(self): raise RuntimeError
        async def main():
            loop, callback = asyncio.get_running_loop(), Callback()
            loop.call_soon(callback, callback)
            loop.call_later(0.01, callback, callback)
            loop.call_later(1, callback).cancel()
            await asyncio.sleep(0.02)
        """,
        ["called 1", "called 1"],
    ),
    "a method of an object that answers nothing": (
        """
        import types
        class Silent:
            def __getattribute__(self, name):
                if name == 'go': return super().__getattribute__(name)
                raise SystemExit(name)
            def go(self, *args): print('goes')
        class Function:
            def __getattr__(self, name): raise RuntimeError(name)
            def __call__(self, one): print('called')
        async def main():
            loop, silent = asyncio.get_running_loop(), Silent()
            loop.call_soon(silent.go, silent)
            loop.call_soon(types.MethodType(Function(), silent))
            loop.call_later(0.01, silent.go)
            await asyncio.sleep(0.02)
        """,
        ["goes", "called", "goes"],
    ),
    "a callback that exits when it is asked for its name": (
        """
        class Callback:
            def __getattr__(self, name): raise SystemExit(name)
            def __call__(self): print('called')
        async def main():
            asyncio.get_running_loop().call_soon(Callback())
            asyncio.get_running_loop().call_later(0.01, Callback())
            await asyncio.sleep(0.02)
        """,
        ["called", "called"],
    ),
    "names without an end": (
        """
        import functools
        def function(): print('called')
        function.__qualname__ = 'x' * 100_000
        class Func: pass
        Func.func = Func()
        Func.__call__ = lambda self: print('an object')
        async def main():
            loop, partial = asyncio.get_running_loop(), function
            for _ in range(50): partial = functools.partial(partial)
            loop.call_soon(partial)
            loop.call_soon(Func())
            await asyncio.sleep(0)
        """,
        ["called", "an object"],
    ),
    "messages of cancellations that can't be shown": (
        """
        class Message:
            def __str__(self): print('asked'); raise RuntimeError
            __repr__ = __str__
        class Exits:
            def __str__(self): raise SystemExit
        async def main():
            for message in (Message(), Exits()):
                task = asyncio.create_task(asyncio.sleep(1))
                await asyncio.sleep(0)
                task.cancel(message)
                try:
                    await task
                except asyncio.CancelledError:
                    print('cancelled')
        """,
        ["cancelled", "cancelled"],
    ),
    "a queue that counts in a way of its own": (
        """
        class Queue(asyncio.Queue):
            def qsize(self): print('asked'); raise RuntimeError
            def empty(self): return not self._queue
            def full(self): return False
        async def get(queue):
            print(await queue.get())
            queue.task_done()
        async def main():
            queue = Queue()
            task = asyncio.create_task(get(queue))
            await asyncio.sleep(0)
            queue.put_nowait(1)
            await task
            await queue.join()
        """,
        ["1"],
    ),
    "locks and events that watch over their attributes": (
        """
        class Lock(asyncio.Lock):
            def __getattribute__(self, name):
                if name.startswith('_loopscope') or name == '__dict__': raise RuntimeError(name)
                return super().__getattribute__(name)
            def __eq__(self, other): raise RuntimeError
            __hash__ = None
            def __repr__(self): raise RuntimeError
        class Event(asyncio.Event):
            def __setattr__(self, name, value):
                print('sets', name)
                super().__setattr__(name, value)
        async def use(lock):
            async with lock:
                await asyncio.sleep(0.01)
        async def main():
            lock = Lock()
            await asyncio.gather(use(lock), use(lock))
            event = Event()
            event.set()
            await event.wait()
        """,
        ["sets _waiters", "sets _value", "sets _value"],
    ),
    "semaphores and queues without an end": (
        """
        async def main():
            for value in (float('inf'), float('nan'), 10**100):
                async with asyncio.Semaphore(value):
                    asyncio.Queue(value).put_nowait(1)
            print('counted')
        """,
        ["counted"],
    ),
    "an exception of which nothing can be asked": (
        """
        class Bad(Exception):
            def __setattr__(self, name, value): raise RuntimeError
            def __getattr__(self, name): raise RuntimeError
            def __str__(self): raise RuntimeError
            __repr__ = __str__
            def __eq__(self, other): raise RuntimeError
            __hash__ = None
            @property
            def args(self): raise RuntimeError
        async def fails():
            raise Bad
        async def main():
            try:
                await asyncio.create_task(fails())
            except Bad:
                print('caught')
            [bad] = await asyncio.gather(fails(), return_exceptions=True)
            print(type(bad).__name__)
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(fails())
            except* Bad as bad:
                print(len(bad.exceptions))
        """,
        ["caught", "Bad", "1"],
    ),
    "a future of somebody else's": (
        """
        class Future:
            _asyncio_future_blocking = False
            callbacks = []
            def get_loop(self): return asyncio.get_running_loop()
            def add_done_callback(self, callback, *, context=None): self.callbacks.append(callback)
            def result(self): return 42
            def cancel(self, msg=None): return False
            def __setattr__(self, name, value):
                if name.startswith('_loopscope'): raise RuntimeError
                object.__setattr__(self, name, value)
            def __getattr__(self, name): print('asked', name); raise RuntimeError
            def __eq__(self, other): raise RuntimeError
            __hash__ = None
            def __await__(self):
                self._asyncio_future_blocking = True
                yield self
                return 42
        async def waits(future):
            return await future
        async def main():
            future = Future()
            task = asyncio.create_task(waits(future))
            await asyncio.sleep(0)
            for callback in future.callbacks:
                asyncio.get_running_loop().call_soon(callback, future)
            print(await task)
        """,
        ["42"],
    ),
    "tasks of a class of the program's": (
        """
        class Own(asyncio.Task):
            def __getattr__(self, name): print('asked', name); raise RuntimeError
            def __eq__(self, other): return self is other
            def __hash__(self): return 1
        async def work():
            await asyncio.sleep(0.01)
            return 'worked'
        async def main():
            loop = asyncio.get_running_loop()
            loop.set_task_factory(lambda loop, coro, **options: Own(coro, loop=loop))
            print(await loop.create_task(work()))
        """,
        ["worked"],
    ),
    "text of a class of the program's": (
        """
        import sys
        class Text(str):
            def __str__(self): return self
            def __hash__(self): raise RuntimeError
            def __eq__(self, other): raise RuntimeError
            def __len__(self): raise RuntimeError
            def count(self, *args): raise RuntimeError
            def __getitem__(self, key): raise RuntimeError
        async def main():
            await asyncio.create_task(asyncio.sleep(0), name=Text('named'))
            sys.stdout.write(Text('written\\n'))
        """,
        ["written"],
    ),
    "what only looks like a coroutine": (
        """
        import collections.abc
        class Coroutine(collections.abc.Coroutine):
            sent = 0
            def send(self, value):
                self.sent += 1
                if self.sent > 2: raise StopIteration(self.sent)
            def throw(self, *args): raise args[0]
            def close(self): pass
            def __await__(self): return self
            def __getattr__(self, name): print('asked', name); raise RuntimeError
        async def main():
            print(await asyncio.create_task(Coroutine()))
        """,
        ["3"],
    ),
    "what a loop's exception handler is told": (
        """
        class Anything:
            def __str__(self): print('asked'); raise SystemExit
            def __bool__(self): print('asked'); raise SystemExit
        async def main():
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(lambda loop, context: print(sorted(context)))
            loop.call_exception_handler({'message': Anything(), 'task': Anything(), 'exception': Anything()})
        """,
        ["['exception', 'message', 'task']"],
    ),
}

# A program that breaks the instrument itself, from the inside: what a hook uses, and what is printed.
BROKEN = {
    "a hook": """
        from loopscope.tracer import Tracer
        Tracer.timer_armed.__wrapped__.__code__ = (lambda self, timer, now: 1 / 0).__code__
        async def main():
            await asyncio.sleep(0.01)
        """,
    "what asks for places": """
        from loopscope.places import Places
        def broken(self, *args): raise ZeroDivisionError('division by zero')
        Places.child = Places.whole_chain_of = broken
        async def main():
            await asyncio.sleep(0.01)
            await asyncio.create_task(asyncio.sleep(0.01))
        """,
    "what gives names": """
        import loopscope.tracer
        loopscope.tracer.callable_name = lambda callback: 1 / 0
        async def main():
            asyncio.get_running_loop().call_soon(len, ())
            await asyncio.sleep(0.01)
        """,
}
