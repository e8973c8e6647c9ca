"""Runs programs on one of two loops and tells what they did. Used natively and inside Pyodide; imports no test tools.

- ``stock``: CPython's own loop. Its selector waits for nothing: it lets the time jump, so that no test sleeps.
- ``loopscope``: the package's loop, traced or not.

    python engine.py    reads jobs, one JSON list of ``run``'s arguments a line; prints one JSON answer a line
"""

from __future__ import annotations

import asyncio
import atexit
import base64
import contextlib
import gc
import io
import itertools
import json
import linecache
import math
import os
import random
import re
import selectors
import sys
import tempfile
import time
import traceback
import types
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

EMSCRIPTEN = sys.platform == "emscripten"


class Answer(NamedTuple):
    """What a program did: its output, and ``exit N`` or the type of what it raised."""

    stdout: str
    stderr: str
    end: str


# -- CPython's loop, without the waiting


class NothingWillHappen(RuntimeError):
    """The loop would wait for ever. (Its namesake in loopscope.parking ends a program in the same way.)"""


class Jump:
    """A clock that ticks whenever it's read, as a real one does, and jumps where a loop would wait.

    By so little that a million reads are not seen where times are rounded to microseconds.
    """

    TICK = 1e-13

    def __init__(self) -> None:
        self.base = 0.0
        self.reads = 0

    def time(self) -> float:
        self.reads += 1
        return self.base + self.reads * self.TICK

    def wait(self, timeout: float | None) -> None:
        if timeout is None:
            raise NothingWillHappen("every task waits, and nothing can wake one")
        if timeout > 0:
            # An operating system rounds up to milliseconds: timers that are due by then fire together.
            until = math.ceil(round((self.time() + timeout) * 1e3, 3)) * 1e-3
            self.base = max(self.base, until)


def stock_loop(clock: Jump) -> type[asyncio.AbstractEventLoop]:
    """CPython's default loop on ``clock``; where there are no sockets, the class below it."""

    class Selector(selectors.SelectSelector):
        def select(self, timeout: float | None = None) -> list[Any]:
            clock.wait(timeout)
            return []

    class Stub:
        def select(self, timeout: float | None) -> tuple[()]:
            clock.wait(timeout)
            return ()

        def close(self) -> None:
            pass

    base: Any = asyncio.BaseEventLoop if EMSCRIPTEN else asyncio.SelectorEventLoop

    class EventLoop(base):  # type: ignore[misc]
        def __init__(self) -> None:
            if EMSCRIPTEN:
                super().__init__()
                self._selector = Stub()
            else:
                super().__init__(Selector())
            self._clock_resolution = 1e-9
            self._asyncgens.data = OrderedSet()

        def time(self) -> float:
            return clock.time()

        def create_task(self, coro: Any, **options: Any) -> Any:
            number = next(created)
            try:
                task = super().create_task(coro, **options)
                task._number = number
                return task
            finally:
                task = None  # or its exception would keep it, by this frame

        if EMSCRIPTEN:

            def _process_events(self, event_list: object) -> None:
                pass

            def _write_to_self(self) -> None:
                pass

            async def shutdown_default_executor(self, timeout: float | None = None) -> None:
                self._executor_shutdown_called = True

    return EventLoop


# -- the order of sets
#
# Where CPython iterates a set of tasks, the order hangs on their addresses. Both loops are compared in order of
# creation, which is what the virtual clock promises.

created = itertools.count(1)


class OrderedSet(set[Any]):
    """A set that iterates in the order of insertion."""

    def __init__(self, items: Iterable[Any] = ()) -> None:
        super().__init__()
        self._order: dict[Any, None] = {}
        self.update(items)

    def add(self, item: Any) -> None:
        super().add(item)
        self._order[item] = None

    def discard(self, item: Any) -> None:
        super().discard(item)
        self._order.pop(item, None)

    def remove(self, item: Any) -> None:
        super().remove(item)
        self._order.pop(item, None)

    def update(self, *others: Iterable[Any]) -> None:
        for item in itertools.chain(*others):
            self.add(item)

    def clear(self) -> None:
        super().clear()
        self._order.clear()

    def copy(self) -> OrderedSet:
        return OrderedSet(self)

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self._order))


@contextlib.contextmanager
def order_of_creation() -> Iterator[None]:
    """asyncio's sets of tasks iterate in the order in which the tasks were created."""
    from asyncio import taskgroups, tasks

    all_tasks, as_completed = tasks.all_tasks, tasks.as_completed

    def ordered_all_tasks(loop: Any = None) -> OrderedSet:
        return OrderedSet(sorted(all_tasks(loop), key=lambda task: getattr(task, "_number", 1 << 30)))

    def ordered_as_completed(aws: Any, *, timeout: float | None = None) -> Any:
        if asyncio.isfuture(aws) or asyncio.iscoroutine(aws):
            raise TypeError(f"expect an iterable of futures, not {type(aws).__name__}")
        return as_completed([asyncio.ensure_future(aw) for aw in dict.fromkeys(aws)], timeout=timeout)

    patches: list[tuple[Any, str, Any]] = [
        (taskgroups, "set", OrderedSet),
        (tasks, "set", OrderedSet),
        (tasks, "all_tasks", ordered_all_tasks),
        (asyncio, "all_tasks", ordered_all_tasks),
        (tasks, "as_completed", ordered_as_completed),
        (asyncio, "as_completed", ordered_as_completed),
    ]
    with _patched(patches):
        yield


@contextlib.contextmanager
def _patched(patches: list[tuple[Any, str, Any]]) -> Iterator[None]:
    missing = object()
    saved = [(target, name, vars(target).get(name, missing)) for target, name, _ in patches]
    for target, name, value in patches:
        setattr(target, name, value)
    try:
        yield
    finally:
        for target, name, value in saved:
            if value is missing:
                delattr(target, name)
            else:
                setattr(target, name, value)


# -- runs


def run(source: str, loop: str = "loopscope", traced: bool = True, clock: str = "virtual") -> Answer:
    """Run a program. ``loop``: "stock" or "loopscope". ``clock``: "virtual" or "real", stock's is always the former."""
    base = _next_task_number()
    # When something is collected depends on all that was allocated before: only at a program's end, then.
    gc.disable()
    gc.freeze()
    try:
        answer = _stock(source) if loop == "stock" else _loopscope(source, traced, clock)
    finally:
        gc.enable()
    return Answer(_canonical(answer.stdout, base), _canonical(answer.stderr, base), answer.end)


def run_here(source: str) -> Answer:
    """Run a program on the loop that asyncio makes here: inside a program that the page runs, Loopscope's."""
    base = _next_task_number()
    answer = _captured(source, [], tell=True)
    return Answer(_canonical(answer.stdout, base), _canonical(answer.stderr, base), answer.end)


def _stock(source: str) -> Answer:
    clock = Jump()
    patches: list[tuple[Any, str, Any]] = [
        (time, "sleep", lambda seconds: setattr(clock, "base", clock.base + seconds)),
        (sys.modules["asyncio.events"], "_event_loop_policy", None),
        *_default_loop(stock_loop(clock)),
    ]
    with order_of_creation():
        return _captured(source, patches)


def _captured(source: str, patches: list[tuple[Any, str, Any]], tell: bool = False) -> Answer:
    """Run a program; ``tell``: what it does not catch goes to its stderr, as an interpreter does it."""
    main = types.ModuleType("__main__")
    linecache.cache["main.py"] = (len(source), None, source.splitlines(keepends=True), "main.py")
    out, err = io.StringIO(), io.StringIO()
    state = random.getstate()
    random.seed(0)
    outer = sys.modules["__main__"]
    sys.modules["__main__"] = main
    try:
        with _patched([*patches, (sys, "stdout", out), (sys, "stderr", err)]):
            end = "exit 0"
            try:
                exec(compile(source, "main.py", "exec", dont_inherit=True), main.__dict__)
            except SystemExit as stop:
                code = stop.code
                if code is not None and not isinstance(code, int):
                    print(code, file=sys.stderr)
                    code = 1
                end = f"exit {code or 0}"
            except BaseException as error:
                end = type(error).__name__
                if tell:
                    outside = error.__traceback__
                    traceback.print_exception(error.with_traceback(outside and outside.tb_next))
                    del outside
                del error
            main.__dict__.clear()
            gc.collect()
    finally:
        sys.modules["__main__"] = outer
        random.setstate(state)
    return Answer(out.getvalue(), err.getvalue(), end)


def _default_loop(cls: Any) -> list[tuple[Any, str, Any]]:
    """What makes ``cls`` asyncio's default: no loop factory, no policy of our own."""
    unix: Any = sys.modules["asyncio.unix_events"]
    names = ("_DefaultEventLoopPolicy", "_UnixDefaultEventLoopPolicy")
    found: list[tuple[Any, str, Any]] = [
        (getattr(unix, name), "_loop_factory", cls) for name in names if hasattr(unix, name)
    ]
    targets = (asyncio, unix)
    found += [(target, "EventLoop", cls) for target in targets if hasattr(target, "EventLoop")]
    found.append((asyncio, "run", asyncio.runners.run))  # Pyodide replaces it
    return found


def _loopscope(source: str, traced: bool, clock: Any) -> Answer:
    from loopscope.clock import RealClock, VirtualClock
    from loopscope.loop import installed, loop_class
    from loopscope.program import run_program
    from loopscope.protocol import How
    from loopscope.session import Session, ThreadHost
    from loopscope.tracer import Tracer
    from loopscope.virtual import virtual_time

    texts: dict[How, list[str]] = {How.STDOUT: [], How.STDERR: []}

    def note(how: How, text: str) -> None:
        texts[how].append(text)

    class Noting(Tracer):
        __slots__ = ()

        def output(self, how: How, text: str) -> None:
            note(how, text)
            super().output(how, text)

    if traced:
        with _patched([(sys.modules["loopscope.session"], "Tracer", Noting)]):
            session = Session(lambda frame: None, clock=clock)
        tracer = session.tracer
        end = session.run(source)
        if tracer.problem or tracer.lost:
            raise AssertionError(f"the tracer broke: {tracer.problem or tracer.lost}")
    else:
        time_of_run: Any = VirtualClock() if clock == "virtual" else RealClock()
        cls = loop_class(time_of_run, ThreadHost())
        with installed(cls), virtual_time(time_of_run, 0), _creation_order(clock):
            end = run_program(source, note)
    told = f"exit {end.code}" if end.problem is None else end.problem.type
    return Answer("".join(texts[How.STDOUT]), "".join(texts[How.STDERR]), told)


def _creation_order(clock: str) -> contextlib.AbstractContextManager[None]:
    from loopscope.order import creation_order

    return creation_order() if clock == "virtual" else contextlib.nullcontext()


# -- what differs between two interpreters and means nothing


def _next_task_number() -> int:
    """Number of the last default task name: names count per interpreter, programs count from one."""

    async def nothing() -> None:
        pass

    loop: Any = types.SimpleNamespace(
        get_debug=lambda: False, call_soon=lambda *a, **k: None, is_running=lambda: False,
        call_exception_handler=lambda context: None,
    )  # fmt: skip
    coro = nothing()
    task: Any = asyncio.Task(coro, loop=loop)
    task._log_destroy_pending = False
    coro.close()
    return int(task.get_name().removeprefix("Task-"))


def _canonical(text: str, base: int) -> str:
    text = re.sub(r"\bTask-(\d+)\b", lambda match: f"Task-{int(match[1]) - base}", text)
    return re.sub(r"0x[0-9a-f]+", "0x…", text)


def install(packed: str) -> None:
    """Make a wheel of pure Python, in base64, importable."""
    with tempfile.NamedTemporaryFile(suffix=".whl", delete=False) as file:
        file.write(base64.b64decode(packed))
    sys.path.insert(0, file.name)
    atexit.register(os.unlink, file.name)


def serve() -> None:
    """Answer jobs, a line each, until the input ends; {"wheel": …} is installed."""
    out = sys.stdout
    for line in sys.stdin:
        try:
            job = json.loads(line)
            answer: object = None
            if isinstance(job, dict):
                install(job["wheel"])
            else:
                answer = run(*job)
        except BaseException:
            answer = {"error": traceback.format_exc()}
        out.write(json.dumps(answer) + "\n")
        out.flush()


if __name__ == "__main__":
    serve()
