"""Loopscope in a Web Worker: the only module that knows JavaScript.

``js_host`` (web/src/runtime/host.ts) is an object of plain functions. None of them returns a promise: Pyodide would
wrap it into a future of the running loop, which is the one that is parked. Instead it has one permanent thenable,
``waiter``, that Python suspends on after arming it.
"""

from __future__ import annotations

import json
import operator
import os
import signal
import sys
import time
from asyncio import events, tasks
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal, NoReturn

from pyodide.ffi import can_run_sync, run_sync

from .clock import monotonic
from .program import FILENAME, Early, Exit, Problem, on_interrupt
from .promises import PromiseLoop
from .protocol import How
from .session import Session

# The page writes these into the interrupt word: Emscripten's SIGUSR1 and SIGUSR2.
PEEK: Final = 10  # asks for a sign of life
HOLD: Final = 12  # asks to stop before the next handle

# The control word: what a held program is told.
GO, HELD, STEP = 0, 1, 2

# Milliseconds between signs of life in a blocking call: the page can't ask for one while the worker waits.
LIFE: Final = 50

# Seconds before a timer is due from which on the worker's thread waits for it, and spins for it.
NEAR: Final = 0.004
SPIN: Final = 0.0003


_last: Session | None = None


class _Waiter:
    """A future-like around the host's thenable.

    ``run_sync`` hands what it gets to ``asyncio.ensure_future``: a coroutine would become a task of the parked loop.
    What looks like a future passes through.
    """

    _asyncio_future_blocking = False

    def __init__(self, thenable: Any) -> None:
        self._thenable = thenable

    def __await__(self) -> Iterator[Any]:
        raise RuntimeError("only run_sync may wait for this")

    def add_done_callback(self, callback: Callable[..., Any], *, context: Any = None) -> None:
        callback(self)

    def result(self) -> Any:
        return self._thenable


def _notice_interrupt() -> None:
    """Pyodide looks at the interrupt word at every 50th check or so: run past that before waiting again."""
    for _ in range(64):
        pass


class BrowserHost:
    """Parks on the worker's own loop; where that is impossible (no JSPI) on the shared word."""

    def __init__(self, js_host: Any) -> None:
        self._js = js_host
        self._waiter = _Waiter(js_host.waiter)
        self._seen = js_host.word()
        self.rested = True  # in its last park the worker's loop had its turn

    def park(self, timeout: float | None) -> bool:
        """The worker's loop has its turn until a timer is near, then its thread waits, and at the very end it spins.

        Each of them is late in its own way, by about 0.5 ms, 0.1 ms and nothing.
        """
        until = 0.0 if timeout is None else monotonic() + timeout
        woken = False
        self.rested = can_run_sync() and (timeout is None or timeout > NEAR)
        if self.rested:
            self._js.arm(-1 if timeout is None else (timeout - NEAR) * 1000)
            woken = bool(run_sync(self._waiter))
        elif timeout is None:
            woken = self._js.block(self._seen, -1)
        # A wake-up that came between two waits must not be lost: wait only if the word is the last one seen.
        if timeout is not None and not woken:
            left = until - monotonic() - SPIN
            woken = left > 0 and self._js.block(self._js.word() if self.rested else self._seen, left * 1000)
            while not woken and monotonic() < until:
                pass
        self._seen = self._js.word()
        if woken:
            _notice_interrupt()
        return woken

    def breathe(self) -> None:
        if can_run_sync():
            self._js.tick()
            run_sync(self._waiter)
            _notice_interrupt()

    def wake(self) -> None:
        self._js.wake()

    def sleep(self, seconds: float, still_here: Callable[[], None]) -> None:
        """Block everything, as time.sleep does, but for a call of ``still_here`` now and then."""
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        until = self._js.now() + seconds * 1000
        while (left := until - self._js.now()) > 0:
            if self._js.block(self._js.word(), min(left, LIFE)):
                _notice_interrupt()
            elif left > LIFE:
                still_here()


@contextmanager
def _outside_webloop() -> Iterator[None]:
    """Pyodide declares its own loop running, for ever; a program must find none."""
    outer = events._get_running_loop()
    task = tasks.current_task(outer) if outer is not None else None
    if task is not None:
        tasks._swap_current_task(outer, None)  # type: ignore[attr-defined]
    events._set_running_loop(None)
    try:
        yield
    finally:
        events._set_running_loop(outer)
        if task is not None:
            tasks._swap_current_task(outer, task)  # type: ignore[attr-defined]


def run(
    js_host: Any,
    source: str,
    clock: Literal["virtual", "real"],
    seed: int,
    pace: float = 0.0,
    variables: bool = False,
) -> str:
    """Run a program to its end; called from JavaScript, with ``callPromising`` where there is JSPI.

    Returns JSON: ``{how, code, problem}``, see ``program.Exit``.
    """
    early = Early()
    try:
        signal.signal(signal.SIGINT, early)
    except KeyboardInterrupt:  # it came a moment ago
        early.pressed = True
        on_interrupt(early)
    # The program takes SIGINT over for as long as it runs.
    return _told(_run(js_host, source, clock, seed, pace, variables))


def _run(
    js_host: Any, source: str, clock: Literal["virtual", "real"], seed: int, pace: float, variables: bool
) -> Exit:
    host = BrowserHost(js_host)
    PromiseLoop.can_wait_for_promises = can_run_sync()
    session = Session(js_host.send, host, clock, seed, pace, (PromiseLoop,), variables=variables)
    global _last
    _last = session
    tracer = session.tracer

    def sleep(seconds: float, /) -> None:
        tracer.sign_of_life(True)
        host.sleep(seconds, lambda: tracer.sign_of_life(True))

    def gate() -> None:
        begin = monotonic()
        while (told := js_host.control()) == HELD:
            host.park(None)
        tracer.hold = told == STEP
        if not session.clock.virtual:
            session.clock.held += monotonic() - begin

    def hold(signum: int, frame: Any) -> None:
        tracer.hold = True

    def read_line() -> str:
        tracer.sign_of_life(True)
        js_host.ask()
        while (line := js_host.line()) is None:
            host.park(None)
        return str(line)

    def peek(signum: int, frame: Any) -> None:
        # A signal may come in the middle of the tracer's own work: then it's shown when that is done.
        if tracer.places.is_own(frame):
            tracer.sign_of_life(True)

    def leave(status: int) -> NoReturn:
        """End at once, as ``os._exit`` does: nothing is cleaned up, and nothing of the program runs any more."""
        end = Exit(How.FINISHED, operator.index(status))
        session.tell(end)
        session.analyse(source)
        js_host.leave(_told(end))
        while True:
            js_host.block(js_host.word(), -1)

    def write(fd: int, data: Any, /) -> int:
        # Below the streams of sys there is nothing that anybody sees.
        if fd not in (1, 2):
            return os_write(fd, data)
        tracer.output(How.STDOUT if fd == 1 else How.STDERR, bytes(data).decode("utf-8", "backslashreplace"))
        return memoryview(data).nbytes

    os_write = os.write
    # Pyodide's own would suspend on its own loop, write to nobody, and break.
    for module, function in ((time, sleep), (os, write)):
        setattr(module, function.__name__, function)
    setattr(os, "_exit", leave)  # noqa: B010
    tracer.gate = gate
    tracer.held = lambda: js_host.control() == HELD
    tracer.when_stuck = lambda: session.tell_deadlock(source)
    signal.signal(PEEK, peek)
    signal.signal(HOLD, hold)
    # Whoever was quick has asked before anybody listened.
    tracer.hold = tracer.hold or tracer.held()
    try:
        with _outside_webloop():
            end = session.run(source, read_line=read_line)
    finally:
        signal.signal(PEEK, signal.SIG_IGN)
        signal.signal(HOLD, signal.SIG_IGN)
    return end


def stopped(js_host: Any) -> str:
    """Tell that a program was stopped before it began, as ``run`` tells its end."""
    on_interrupt(Early())
    return _told(Session(js_host.send, BrowserHost(js_host)).stopped())


def refuse(js_host: Any, problem: str) -> str:
    """Tell that a program can't run at all, as ``run`` tells its end; ``problem`` is JSON, see packages.py."""
    on_interrupt(Early())
    told = json.loads(problem)
    session = Session(js_host.send, BrowserHost(js_host))
    return _told(session.refuse(Problem(told["type"], told["message"], told["text"], told["line"])))


def _told(end: Exit) -> str:
    problem = end.problem and {
        "type": end.problem.type,
        "message": end.problem.message,
        "text": end.problem.text,
        "line": end.problem.line,
        "column": end.problem.column,
        "endColumn": end.problem.end_column,
    }
    return json.dumps({"how": int(end.how), "code": end.code, "problem": problem})


def analyse(source: str) -> None:
    """Send the findings of the run that has just ended."""
    if _last is not None:
        _last.analyse(source)


def prepare() -> str:
    """Import what a run needs, so that Run has nothing left to load; returns Python's version."""
    compile("async def main(): ...", FILENAME, "exec")
    return sys.version.split()[0]
