"""Order where CPython has none: sets of tasks.

A task's hash is its address, so wherever asyncio goes through a set of tasks (a TaskGroup's abort, ``asyncio.run``'s
last cancel-all, ``as_completed``, ``wait``'s results) or of asynchronous generators left open (closed at shutdown) or
of a server's clients, the order differs from run to run and from machine to machine.
Under the virtual clock it is the order of creation. Nobody guarantees that order, so each place where the program's
course hung on it is told.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import itertools
import types
import weakref
from asyncio import base_events, events, taskgroups, tasks
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

ORDER: Final = "_loopscope_order"


class _NumberedTask(asyncio.Task[Any]):
    """A task whose hash is its number: sets of tasks, the program's own too, are alike in every run."""

    def __new__(cls, *args: Any, **options: Any) -> _NumberedTask:
        # Not in __init__: that runs an eager task's first step, whose exception would hold a frame that holds the task.
        self = super().__new__(cls)
        self._loopscope_order = next(_numbers)  # type: ignore[attr-defined]
        return self

    def __hash__(self) -> int:
        return self._loopscope_order  # type: ignore[attr-defined, no-any-return]


_numbers: Iterator[int] = itertools.count(1)


def _number(item: object) -> float:
    # What has no number (a plain future, a coroutine) keeps its place after what has one.
    number: float = getattr(item, ORDER, float("inf"))
    return number


def _ordered_set(told: Callable[[], None]) -> type:
    class OrderedSet(set[Any]):
        """asyncio's own sets of tasks: iterated in order of creation."""

        def __init__(self, items: Iterable[Any] = ()) -> None:
            kept = list(items)
            super().__init__(kept)
            # Coroutines and plain futures have no number: they keep the order in which they were given.
            self._given = {id(item): place for place, item in enumerate(kept)}

        def add(self, item: Any) -> None:
            self._given[id(item)] = len(self._given)
            super().add(item)

        def __iter__(self) -> Iterator[Any]:
            items = list(super().__iter__())
            if len(items) > 1:
                given = self._given
                items.sort(key=lambda item: (_number(item), given.get(id(item), 0)))
                told()
            return iter(items)

        def __repr__(self) -> str:
            return "{" + ", ".join(map(repr, self)) + "}" if self else "set()"

    OrderedSet.__name__ = OrderedSet.__qualname__ = "set"
    OrderedSet.__module__ = "builtins"
    return OrderedSet


def _ordered_weak_set(told: Callable[[], None]) -> type:
    class OrderedWeakSet(weakref.WeakSet[Any]):
        """A loop's asynchronous generators, a server's clients: iterated in order of creation."""

        def __init__(self, items: Iterable[Any] = ()) -> None:
            super().__init__()
            self._given: dict[int, int] = {}
            self._next = 0
            self.update(items)

        def add(self, item: Any) -> None:
            self._given[id(item)] = self._next = self._next + 1
            super().add(item)

        def __iter__(self) -> Iterator[Any]:
            items = list(super().__iter__())
            if len(items) > 1:
                items.sort(key=lambda item: self._given[id(item)])
                told()
            return iter(items)

    return OrderedWeakSet


def _ordered_as_completed(stock: Callable[..., Any], told: Callable[[], None]) -> Callable[..., Any]:
    """``as_completed``, whose own set is no set of ours: what is done when it is called comes in order of creation.

    What becomes done later comes in the order in which it does. Only the callbacks that the call itself has put into
    the ready queue, its last entries, hang on the set.
    """

    def sort(ready: deque[Any], before: int, given: dict[int, int]) -> None:
        if len(ready) - before < 2:
            return
        callback, added = ready[-1]._callback, []
        while len(ready) > before and ready[-1]._callback == callback:
            added.append(ready.pop())
        if len(added) > 1:
            told()
            added.sort(key=lambda handle: (_number(handle._args[0]), given.get(id(handle._args[0]), 0)))
        ready.extend(added)

    def start(fs: Any, timeout: float | None, begin: Callable[[Any], Any]) -> tuple[Any, Any]:
        """``stock``'s iterator, and what ``begin`` returned that was called on it."""
        ready = getattr(events._get_running_loop(), "_ready", None)
        if ready is None or inspect.isawaitable(fs):
            iterator = stock(fs, timeout=timeout)
            return iterator, begin(iterator)
        kept = list(fs)
        before = len(ready)
        iterator = stock(kept, timeout=timeout)
        first = begin(iterator)
        sort(ready, before, {id(item): place for place, item in enumerate(kept)})
        return iterator, first

    def as_completed(fs: Any, *, timeout: float | None = None) -> Any:
        return start(fs, timeout, lambda iterator: None)[0]

    def generated(fs: Any, *, timeout: float | None = None) -> Iterator[Any]:
        # A generator, as it was before 3.13: it begins when it is asked for the first.
        iterator, first = start(fs, timeout, lambda iterator: list(itertools.islice(iterator, 1)))
        yield from first
        yield from iterator

    return functools.wraps(stock)(generated if inspect.isgeneratorfunction(stock) else as_completed)


@contextmanager
def creation_order(told: Callable[[], None] = lambda: None) -> Iterator[None]:
    """While it is entered asyncio goes through its sets of tasks in order of creation; ``told`` is called each time."""
    global _numbers
    _numbers = itertools.count(1)
    ordered: Any = _ordered_set(told)
    completed = _ordered_as_completed(tasks.as_completed, told)
    stock_all_tasks = tasks.all_tasks

    def all_tasks(loop: asyncio.AbstractEventLoop | None = None) -> set[asyncio.Task[Any]]:
        if loop is None:
            loop = asyncio.get_running_loop()
        found: set[asyncio.Task[Any]] = ordered(stock_all_tasks(loop))
        return found

    replaced: list[tuple[Any, str, Any]] = [
        (asyncio, "Task", _NumberedTask),
        (tasks, "Task", _NumberedTask),
        (asyncio, "all_tasks", all_tasks),
        (tasks, "all_tasks", all_tasks),
        *((module, "as_completed", completed) for module in (asyncio, tasks)),
        (base_events, "weakref", types.SimpleNamespace(WeakSet=_ordered_weak_set(told))),
    ]
    if hasattr(tasks, "create_eager_task_factory"):
        eager = tasks.create_eager_task_factory(_NumberedTask)
        replaced += [(asyncio, "eager_task_factory", eager), (tasks, "eager_task_factory", eager)]
    stock = [(target, name, getattr(target, name)) for target, name, _ in replaced]
    modules: tuple[Any, ...] = (tasks, taskgroups)
    for module in modules:
        module.set = ordered  # shadows the builtin: `set()` in these modules makes ours
    for target, name, ours in replaced:
        setattr(target, name, ours)
    try:
        yield
    finally:
        for module in modules:
            del module.set
        for target, name, theirs in stock:
            setattr(target, name, theirs)


_NumberedTask.__name__ = _NumberedTask.__qualname__ = "Task"
_NumberedTask.__module__ = asyncio.Task.__module__
