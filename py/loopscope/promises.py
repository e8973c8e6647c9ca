"""Promises: futures that only the outside can end.

While a program awaits one, virtual time can't jump: nobody knows how long the outside takes.
"""

from __future__ import annotations

import asyncio
import sys
from types import CodeType
from typing import Any

from .frames import not_of_ours

NO_PROMISES = (
    "this browser can't wait for a JavaScript promise from Python (it lacks JSPI, JavaScript Promise Integration). "
    "Use Chrome or Edge 137, Firefox 153, Safari 27 or later; everything that awaits no promise runs here, too"
)


class PromiseFuture(asyncio.Future[Any]):
    """What a JavaScript promise is while Python awaits it."""

    def __init__(self, *, loop: Any) -> None:
        super().__init__(loop=loop)
        self._open = True
        loop.outstanding += 1

    def _settle(self) -> None:
        if self._open:
            self._open = False
            self.get_loop().outstanding -= 1  # type: ignore[attr-defined]

    def set_result(self, result: Any, /) -> None:
        super().set_result(result)
        self._settle()

    def set_exception(self, exception: Any, /) -> None:
        super().set_exception(exception)
        self._settle()

    def cancel(self, msg: Any = None) -> bool:
        cancelled = super().cancel(msg)
        if cancelled:
            self._settle()
        return cancelled


class PromiseLoop:
    """Mixed into a loop's class: gives Pyodide a PromiseFuture for every promise that is awaited."""

    _asks: dict[int, tuple[CodeType, bool]] = {}  # noqa: RUF012  # by id: a code object's hash walks its bytecode

    can_wait_for_promises = True
    _debug: bool

    def create_future(self) -> asyncio.Future[Any]:
        # Pyodide awaits a promise by asking the running loop for a future, from C: the frame that calls is the
        # program's, whose code never says create_future. Python code that wants a future does.
        code = sys._getframe(1).f_code
        known = self._asks.get(id(code))
        if known is None:
            known = self._asks[id(code)] = code, "create_future" in code.co_names
        if known[1]:
            if self._debug:  # asyncio's own: a future remembers the line that made it
                return super().create_future()  # type: ignore[misc, no-any-return]
            return asyncio.Future(loop=self)  # type: ignore[arg-type]
        if not self.can_wait_for_promises:
            raise RuntimeError(NO_PROMISES)
        future = PromiseFuture(loop=self)
        if self._debug:
            not_of_ours(future._source_traceback)  # type: ignore[attr-defined]
        return future
