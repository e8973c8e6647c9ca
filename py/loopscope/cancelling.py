"""Requests to cancel that go from task to task: who waits for another task passes its request on to that.

asyncio does so by recursion, and a watched ``cancel`` takes several times the stack that its own does: where tasks
stand in a long row, asyncio's is called for all but the first. Tasks that wait for each other in a circle can't be
cancelled: asyncio goes round until Python says RecursionError. In a browser the stack may end before that, and the
interpreter with it, so here it is said after the first round.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

BROWSER: Final = sys.platform == "emscripten"
LONG: Final = 20  # tasks in a row that are asked by the watched `cancel`, one in the other
LONGEST: Final = 1000 if BROWSER else sys.maxsize  # tasks in a row for which there is stack enough
DEEPEST: Final = 60 if BROWSER else 200  # requests in requests, by whatever goes between: a gather, as a rule


def too_deep() -> RecursionError:
    """What CPython raises, sooner or later."""
    return RecursionError("maximum recursion depth exceeded while calling a Python object")


class Row:
    """The tasks that a request to cancel ``task`` goes through. ``cls``: the class whose ``cancel`` passes it on."""

    def __init__(self, task: Any, cls: Any) -> None:
        self.others: list[Any] = []  # in order: each is waited for by the one before, the first one by `task`
        self.closes: Any = (
            None  # the task for which the last one waits, and which was asked already: a circle
        )
        self._task = task
        seen = {id(task)}
        here: Any = task._fut_waiter
        while type(here) is cls and not here.done():
            if id(here) in seen:
                self.closes = here
                return
            seen.add(id(here))
            self.others.append(here)
            here = here._fut_waiter

    @property
    def is_long(self) -> bool:
        return self.closes is not None or len(self.others) >= LONG

    @contextmanager
    def by_asyncio(self, cancel: Callable[..., bool]) -> Iterator[None]:
        """While it is entered, asyncio's ``cancel`` itself is what all but the first task are asked by."""
        if len(self.others) > LONGEST:
            raise too_deep()
        shadowed = [*self.others]
        for task in shadowed:
            task.cancel = cancel.__get__(task)
        if self.closes is not None:
            shadowed += [self._task] if self.closes is self._task else []
            self.closes.cancel = _Once(cancel.__get__(self.closes), self.closes is self._task)
        try:
            yield
        finally:
            for task in shadowed:
                del task.cancel


class _Once:
    """Asks a task to cancel, and the second time says that this goes on for ever."""

    def __init__(self, cancel: Callable[..., bool], asked: bool) -> None:
        self._cancel = cancel
        self._asked = asked

    def __call__(self, msg: Any = None) -> bool:
        if self._asked:
            raise too_deep()
        self._asked = True
        return self._cancel(msg)
