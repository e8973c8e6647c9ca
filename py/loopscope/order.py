"""Order where CPython has none: sets of tasks.

A task's hash is its address, so wherever asyncio goes through a set of tasks (a TaskGroup's abort, ``asyncio.run``'s
last cancel-all, ``as_completed``, ``wait``'s results) or of asynchronous generators left open (closed at shutdown) or
of a server's clients, the order differs from run to run and from machine to machine.
Under the virtual clock it is the order of creation. Nobody guarantees that order, so each place where the program's
course may have hung on it is told. ``asyncio.wait`` is none: it asks for each task's end, in whatever order. Nor is one
of asyncio's own where the items that anything is done to are fewer than two.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import types
import weakref
from asyncio import base_events, runners, taskgroups, tasks
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

ORDER: Final = "_loopscope_order"


def _codes(*functions: Any) -> set[types.CodeType]:
    """Code of functions, and of what is defined inside: comprehensions are functions before Python 3.12."""
    codes = {function.__code__ for function in functions}
    inner = {code for whole in codes for code in whole.co_consts if isinstance(code, types.CodeType)}
    return codes | inner


def _decides_ending(task: Any) -> bool:
    """To cancel, and to tell how it failed: both are done to some only."""
    return not task.done() or (not task.cancelled() and getattr(task, "_exception", None) is not None)


def _decides_completion(item: Any) -> bool:
    """``as_completed`` makes tasks of coroutines, and what is done already completes in the order of the set."""
    return not asyncio.isfuture(item) or item.done()


def _of_as_completed() -> Any:
    iterator = getattr(tasks, "_AsCompletedIterator", None)  # from Python 3.13 on
    return tasks.as_completed if iterator is None else iterator.__init__


# Where asyncio goes through a set → whether the item's place in it may decide anything; elsewhere each item's may.
_DECIDES: Final[dict[types.CodeType, Callable[[Any], bool]]] = {
    **dict.fromkeys(_codes(tasks.wait, tasks._wait), lambda item: False),  # type: ignore[attr-defined]
    **dict.fromkeys(_codes(taskgroups.TaskGroup._abort), lambda task: not task.done()),  # type: ignore[attr-defined]
    **dict.fromkeys(_codes(runners._cancel_all_tasks), _decides_ending),  # type: ignore[attr-defined]
    **dict.fromkeys(_codes(_of_as_completed()), _decides_completion),
    # One that has ended is closed already.
    **dict.fromkeys(
        _codes(asyncio.BaseEventLoop.shutdown_asyncgens), lambda generator: generator.ag_frame is not None
    ),
}


def _may_decide(items: list[Any], goes_through: types.CodeType) -> bool:
    decides = _DECIDES.get(goes_through)
    try:
        return decides is None or sum(map(decides, items)) > 1
    except Exception:  # a task of a class of the program's own, which may answer anything
        return True


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
            # A set of a set has the same order, which decides nothing yet.
            kept = items._in_order() if isinstance(items, OrderedSet) else list(items)
            super().__init__(kept)
            # Coroutines and plain futures have no number: they keep the order in which they were given.
            self._given = {id(item): place for place, item in enumerate(kept)}

        def add(self, item: Any) -> None:
            self._given[id(item)] = len(self._given)
            super().add(item)

        def _in_order(self) -> list[Any]:
            items = list(super().__iter__())
            if len(items) > 1:
                given = self._given
                items.sort(key=lambda item: (_number(item), given.get(id(item), 0)))
            return items

        def __iter__(self) -> Iterator[Any]:
            items = self._in_order()
            if len(items) > 1 and _may_decide(items, sys._getframe(1).f_code):
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
                if _may_decide(items, sys._getframe(1).f_code):
                    told()
            return iter(items)

    return OrderedWeakSet


@contextmanager
def creation_order(told: Callable[[], None] = lambda: None) -> Iterator[None]:
    """While it is entered asyncio goes through its sets of tasks in order of creation; ``told`` is called each time."""
    global _numbers
    _numbers = itertools.count(1)
    ordered: Any = _ordered_set(told)
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
