"""Locks, events, semaphores, queues, barriers and cancellation: what happens to them, as events.

asyncio's classes stay as they are. What is watched is where their state is stored: an attribute's setter on the class
sees every change, and reading stays as fast as it was (a descriptor without ``__get__`` leaves the instance's own
dictionary in charge). Only a queue's hand-over needs a method of its own.
"""

from __future__ import annotations

import asyncio
import sys
import types
import warnings
from asyncio import locks, queues, tasks
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from .cancelling import DEEPEST, Row, too_deep
from .errors import Asked
from .frames import is_of_ours, not_of_ours, parts
from .protocol import LEAST, MOST, How

if TYPE_CHECKING:
    from .tracer import Tracer


class _Watched:
    """An attribute whose changes are told: ``told(owner, value)`` after each."""

    def __init__(self, name: str, told: Callable[[Any, Any], None]) -> None:
        self._name = name
        self._told = told

    def __set__(self, owner: Any, value: Any) -> None:
        object.__getattribute__(owner, "__dict__")[self._name] = value
        self._told(owner, value)


# class → the attribute that is its state, written once when it is made and at every change
STATE: Final[tuple[tuple[type, str], ...]] = (
    (locks.Lock, "_locked"),
    (locks.Event, "_value"),
    (locks.Semaphore, "_value"),
    *(((locks.Barrier, "_count"),) if hasattr(locks, "Barrier") else ()),
)
# class → an attribute that is written only when it is made
MADE: Final[tuple[tuple[type, str], ...]] = ((queues.Queue, "_maxsize"), (locks.Condition, "_lock"))
# class → an attribute that says whether it can still be waited for
SETTLED: Final[tuple[tuple[type, str], ...]] = (
    ((locks.Barrier, "_state"),) if hasattr(locks, "Barrier") else ()
)


@contextmanager
def watched(tracer: Tracer) -> Iterator[None]:
    """While it is entered, ``tracer`` is told of every primitive that is made or changes, and of cancellations."""

    def changed(owner: Any, value: Any) -> None:
        tracer.state(owner, clamped(value))

    def made(owner: Any, value: Any) -> None:
        tracer.state(owner, 0)
        if issubclass(type(value), locks.Lock):  # a condition's own lock, made on the way
            tracer.part_of(owner, value, "lock")

    def settled(barrier: Any, state: Any) -> None:
        if state is locks._BarrierState.BROKEN:
            tracer.shut(barrier, clamped(barrier._count))

    hand_over = queues.Queue._wakeup_next  # type: ignore[attr-defined]
    finish = queues.Queue.task_done
    shut = getattr(queues.Queue, "shutdown", None)  # from Python 3.13 on
    wake = locks.Condition.notify

    def _wakeup_next(self: Any, waiters: Any) -> None:
        size = size_of(self)
        if size is not None:
            tracer.state(self, size)
        hand_over(self, waiters)

    def task_done(self: Any) -> None:
        tracer.finishes(self)
        finish(self)

    def shutdown(self: Any, immediate: bool = False) -> None:
        tracer.shut(self, size_of(self) or 0)
        assert shut is not None
        shut(self, immediate)
        if immediate and (size := size_of(self)) is not None:
            tracer.state(self, size)

    def notify(self: Any, n: int = 1) -> None:
        if self.locked():  # or it refuses
            tracer.notified(self, n)
        wake(self, n)

    stock = tasks.Task
    depth = 0  # requests to cancel within requests to cancel

    class Task(stock):  # type: ignore[misc, valid-type]
        result = Asked(stock.result, tracer.retrieved)
        exception = Asked(stock.exception, tracer.retrieved)

        def __init__(self, *args: Any, **options: Any) -> None:
            try:
                if tracer.making:
                    tracer.making = False
                    super().__init__(*args, **options)
                else:
                    _made_directly(tracer, self, super().__init__, args, options)
            finally:
                if self._source_traceback:  # in debug mode
                    not_of_ours(self._source_traceback)
                # A task that raises at once must not be kept alive by this frame: its exception's traceback holds that.
                del self, args, options

        def cancel(self, msg: Any = None) -> bool:
            if self.done():
                return bool(super().cancel(msg))  # which takes its exception for seen
            # A task passes a request on to what it waits for, which may be a task, too.
            nonlocal depth
            parent = tracer.cancelling
            tracer.cancelled(self, msg)
            tracer.cancelling = self
            depth += 1
            try:
                if depth > DEEPEST:
                    raise too_deep()
                row = None if parent is not None and parent._fut_waiter is self else Row(self, Task)
                if row is None or not row.is_long:
                    return bool(super().cancel(msg))
                for task in row.others:
                    tracer.cancelled(task, msg)
                    tracer.cancelling = task
                with row.by_asyncio(stock.cancel):
                    return bool(super().cancel(msg))
            finally:
                depth -= 1
                tracer.cancelling = parent

        def uncancel(self) -> int:
            tracer.cancelled(self, None, withdrawn=True)
            left: int = super().uncancel()
            return left

    Task.__module__, Task.__doc__ = stock.__module__, stock.__doc__
    Task.__name__ = Task.__qualname__ = "Task"  # what repr() says of it
    Task.cancel.__qualname__, Task.uncancel.__qualname__ = "Task.cancel", "Task.uncancel"
    public = asyncio.Task
    stock_shield = tasks.shield

    def shield(arg: Any) -> Any:
        outer: Any = stock_shield(arg)
        tracer.named(outer, "shield")
        return outer

    shield.__module__, shield.__doc__ = stock_shield.__module__, stock_shield.__doc__
    tasks.shield = asyncio.shield = shield
    compiled = getattr(tracer, "watched", None)
    for cls, name in STATE:
        setattr(cls, name, compiled(name) if compiled else _Watched(name, changed))
    for cls, name in MADE:
        setattr(cls, name, _Watched(name, made))
    for cls, name in SETTLED:
        setattr(cls, name, _Watched(name, settled))
    queues.Queue._wakeup_next = _wakeup_next  # type: ignore[attr-defined]
    queues.Queue.task_done = task_done  # type: ignore[method-assign]
    if shut is not None:
        queues.Queue.shutdown = shutdown  # type: ignore[attr-defined]
    locks.Condition.notify = notify  # type: ignore[method-assign]
    tasks.Task = asyncio.Task = Task  # type: ignore[misc]
    eager = getattr(tasks, "eager_task_factory", None)
    if eager is not None:  # from Python 3.12 on; it makes tasks of the class that was there when it was made
        factory = tasks.create_eager_task_factory(Task)  # type: ignore[attr-defined]
        factory.__qualname__, factory.__doc__ = eager.__qualname__, eager.__doc__
        tasks.eager_task_factory = asyncio.eager_task_factory = factory  # type: ignore[attr-defined]
    warn = warnings._warn_unawaited_coroutine  # type: ignore[attr-defined]

    def deeper(message: str, category: type[Warning], stacklevel: int, source: Any) -> None:
        coro = source.of
        # Below the caller are now two frames more, and a warning is about the caller's line.
        if is_of_ours(sys._getframe(stacklevel + 1).f_code.co_filename):
            # It was dropped by what runs the program: CPython says this of a program's end.
            warnings.warn_explicit(message, category, "sys", 1, source=coro)
        else:
            warnings.warn(message, category, stacklevel + 2, coro)

    shifted = {**warn.__globals__, "warn": deeper, "_wm": types.SimpleNamespace(warn=deeper)}
    tell = types.FunctionType(warn.__code__, shifted)

    def warn_unawaited(coro: Any) -> None:
        code = coro.cr_code
        # Of a library's coroutine no line is the program's.
        where = f" at line {code.co_firstlineno}" if tracer.places.own_of(code) > 0 else ""
        tracer.note(f"never awaited: {coro.__qualname__}{where}")
        # In debug mode it is told where the coroutine was made.
        origin = tuple(place for place in coro.cr_origin or () if not tracer.places.is_library(place[0]))
        tell(types.SimpleNamespace(__qualname__=coro.__qualname__, cr_origin=origin or None, of=coro))

    warnings._warn_unawaited_coroutine = warn_unawaited  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for cls, name in (*STATE, *MADE, *SETTLED):
            delattr(cls, name)
        queues.Queue._wakeup_next = hand_over  # type: ignore[attr-defined]
        queues.Queue.task_done = finish  # type: ignore[method-assign]
        if shut is not None:
            queues.Queue.shutdown = shut  # type: ignore[attr-defined]
        locks.Condition.notify = wake  # type: ignore[method-assign]
        tasks.Task, asyncio.Task = stock, public  # type: ignore[misc]
        if eager is not None:
            tasks.eager_task_factory = asyncio.eager_task_factory = eager  # type: ignore[attr-defined]
        tasks.shield = asyncio.shield = stock_shield
        warnings._warn_unawaited_coroutine = warn  # type: ignore[attr-defined]


def _made_directly(tracer: Tracer, task: Any, make: Callable[..., None], args: Any, options: Any) -> None:
    """A task that its program makes by calling the class, without asking a loop."""
    coro = args[0] if args else options.get("coro")
    eager = bool(options.get("eager_start"))
    token = tracer.task_begins(coro) if eager else 0
    made = None
    try:
        make(*args, **options)
        made = task
    finally:
        if eager or made is not None:
            tracer.task_created(token, made, coro, eager)
        del task, made, make, args, options, coro


def kind_of(primitive: object) -> str:
    """A primitive's type in the field's words."""
    for cls in type(primitive).__mro__:
        if cls.__module__ in ("asyncio.locks", "asyncio.queues"):
            return cls.__name__
    return type(primitive).__name__


# Library function → through what a request to cancel came.
CANCELS: Final = {
    "TaskGroup._abort": How.BY_GROUP,
    "TaskGroup._on_task_done": How.BY_CHILD,
    "Timeout._on_timeout": How.BY_TIMEOUT,
    "wait_for": How.BY_TIMEOUT,
    "_cancel_and_wait": How.BY_TIMEOUT,
    "_GatheringFuture.cancel": How.BY_GATHER,
    "_cancel_all_tasks": How.BY_RUN,
    "Runner._on_sigint": How.BY_STOP,
}


_QUEUES: Final = frozenset({queues.Queue, queues.LifoQueue, queues.PriorityQueue})


def size_of(queue: Any) -> int | None:
    """How many items a queue holds; None for one that keeps them in a way of its own."""
    try:
        # A class of asyncio's own has no code of the program's to run into; and a length always fits.
        items = queue._queue if type(queue) in _QUEUES else object.__getattribute__(queue, "_queue")
        return len(items)
    except Exception:
        return None


def bound_of(primitive: Any) -> int:
    """A queue's maxsize, a barrier's parties, a semaphore's first value; 0 for what has none."""
    names = object.__getattribute__(primitive, "__dict__")
    return clamped(names.get("_maxsize", names.get("_parties", names.get("_value", 0))))


def clamped(value: Any) -> int:
    """What a program counts, as a column holds it: the nearest there is; 0 for what is no number."""
    try:
        return int(min(max(value, LEAST), MOST))
    except Exception:
        return 0


# Library coroutines that wait for the object whose method they are.
OWNERS: Final = frozenset(
    {
        "_ContextManagerMixin.__aenter__",
        "Lock.acquire",
        "Event.wait",
        "Condition.wait",
        "Condition.wait_for",
        "Semaphore.acquire",
        "Barrier.__aenter__",
        "Barrier.wait",
        "Queue.get",
        "Queue.put",
        "Queue.join",
    }
)


def primitive_at(coro: Any, depth: int) -> Any:
    """The object whose method the coroutine ``depth`` awaits below ``coro`` is; None if it can't be told."""
    awaited = coro
    for _ in range(depth):
        inner = parts(awaited)
        if inner is None:
            return None
        awaited = inner[2]
    inner = parts(awaited)
    return inner[1].f_locals.get("self") if inner is not None and inner[1] is not None else None
