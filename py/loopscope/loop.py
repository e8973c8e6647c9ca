"""An event loop that is CPython's, except for where it waits.

``LoopscopeLoop`` *is* asyncio's selector event loop: ``BaseEventLoop``'s ready queue, timer heap and ``_run_once`` run
unmodified, and so do transports and servers, over sockets in memory (see ``network``). A loop waits
in one place only, ``selector.select(timeout)``, so the selector is the one thing that is ours (``parking.py``): it
parks on a ``Host`` (a browser's loop, a lock, a test), or lets a virtual clock jump.

            ┌──────────────── _run_once (CPython's) ────────────────┐
            │  drop cancelled timers                                │
            │  selector.select(timeout) ── busy ──▶ host.breathe()  │  at most every SLICE seconds
            │         │                                             │
            │         └─ idle: virtual ──▶ clock jumps              │
            │                  real    ──▶ host.park(timeout)       │
            │  due timers → ready queue                             │
            │  run what is ready                                    │
            └───────────────────────────────────────────────────────┘
"""

from __future__ import annotations

import asyncio
import contextvars
import heapq
import itertools
import sys
from asyncio import events, format_helpers
from collections import deque
from collections.abc import Callable
from types import FunctionType
from typing import Any, ClassVar, Final

from . import accelerator
from .frames import not_of_ours
from .network import Network, NetworkLoop, in_memory
from .parking import Host, parking_selector
from .probe import Probe


class LoopscopeLoop(NetworkLoop):
    """CPython's event loop on any host and clock, observed by an optional probe.

    Made by ``loop_class``, which sets the class attributes: asyncio makes loops without arguments.
    """

    clock: ClassVar[Any]
    host: ClassVar[Host]
    probe: ClassVar[Probe | None] = None
    pace: ClassVar[float] = 0.0  # virtual seconds in a real one while the loop waits; 0: time jumps

    # BaseEventLoop's own, which its public type leaves out.
    _ready: deque[asyncio.Handle]
    _scheduled: list[asyncio.TimerHandle]
    _closed: bool
    _debug: bool
    _clock_resolution: float
    _task_factory: Any
    _executor_shutdown_called: bool
    _check_closed: Callable[[], None]
    _check_thread: Callable[[], None]
    _check_callback: Callable[[Any, str], None]
    _check_default_executor: Callable[[], None]

    foreign: bool = (
        False  # the program may have left callbacks with JavaScript: nobody knows if they will be called
    )
    outstanding: int = (
        0  # things awaited that only the outside can end; virtual time can't jump while there are any
    )

    def __init__(self, selector: object = None) -> None:
        """``selector`` is asyncio.SelectorEventLoop's: it would wait, and here the host does."""
        super().__init__(parking_selector(self))  # type: ignore[arg-type]
        if self.clock.virtual:
            self._clock_resolution = 1e-9
        self._made()

    def time(self) -> float:
        now: float = self.clock.time()
        return now

    def _write_to_self(self) -> None:
        self.host.wake()

    def _call_soon_parked(
        self, callback: Callable[..., Any], *args: Any, context: Any = None
    ) -> asyncio.Handle:
        self.clock.came()  # before: a handle is made with the time at which it is ready
        handle = type(self).call_soon(self, callback, *args, context=context)
        self.host.wake()
        return handle

    def _call_at_parked(
        self, when: float, callback: Callable[..., Any], *args: Any, context: Any = None
    ) -> asyncio.TimerHandle:
        self.clock.came()
        timer = type(self).call_at(self, when, callback, *args, context=context)
        self.host.wake()
        return timer

    def _made(self) -> None:
        """For the compiled ``call_soon``, which remembers what the newest loop has."""

    # Where `call_soon` is compiled, what is out of the ordinary comes here: debug mode, a closed loop, bad arguments.
    _call_soon_slowly: Callable[..., asyncio.Handle] = NetworkLoop.call_soon

    # There are no threads to run jobs on: a job runs on the loop's own thread, in a later turn.

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        self._check_closed()
        if self._debug:
            self._check_callback(func, "run_in_executor")
        if executor is None:
            self._check_default_executor()
        if self.probe is not None:
            self.probe.note("executor")
        future = self.create_future()
        # A thread begins with a context of its own.
        self.call_soon(_run_job, future, func, args, context=contextvars.Context())
        return future

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        self._executor_shutdown_called = True


def _remember_source(handle: Any) -> None:
    """In debug mode a handle knows where it was made: below the loop's method that made it."""
    handle._source_traceback = stack = format_helpers.extract_stack(sys._getframe(2))
    not_of_ours(stack)


def _run_job(future: asyncio.Future[Any], func: Callable[..., Any], args: tuple[Any, ...]) -> None:
    if future.cancelled():
        return
    try:
        tell, outcome = future.set_result, func(*args)
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as error:
        tell, outcome = future.set_exception, error
    loop: Any = future.get_loop()
    if loop._scheduled and loop._scheduled[0].when() <= loop.time():
        # Beside a thread these timers would have fired before the job was done, and a timeout among them would have
        # cancelled who waits for it. They become ready in the loop's next pass, so the result comes in the one after.
        loop.call_soon(_timers_first, loop, future, tell, outcome)
    else:
        tell(outcome)


def _timers_first(loop: Any, *job: Any) -> None:
    loop.call_soon(_job_done, *job)


def _job_done(future: asyncio.Future[Any], tell: Callable[[Any], None], outcome: Any) -> None:
    if not future.cancelled():
        tell(outcome)


class _Timer(asyncio.TimerHandle):
    """A timer of a clock that stands still: of those due at one moment the first made is the first (see handles.py)."""

    __slots__ = ("_due", "_number")

    def __init__(self, when: float, *args: Any) -> None:
        super().__init__(when, *args)
        self._due = round(when, 9)
        self._number = next(_timers)

    def __lt__(self, other: Any) -> bool:
        return (self._due, self._number) < (other._due, other._number)


_timers = itertools.count(1)
_Timer.__name__ = _Timer.__qualname__ = "TimerHandle"


class OwnTimersLoop(LoopscopeLoop):
    """A LoopscopeLoop whose timers are of a class of ours; ``call_at`` is BaseEventLoop's otherwise."""

    _timer_class: Any

    def call_at(  # type: ignore[override]
        self, when: float, callback: Any, *args: Any, context: Any = None
    ) -> asyncio.TimerHandle:
        if when is None:
            raise TypeError("when cannot be None")
        self._check_closed()
        if self._debug:
            self._check_thread()
            self._check_callback(callback, "call_at")
        timer = self._timer_class(when, callback, args, self, context)
        if timer._source_traceback:
            not_of_ours(timer._source_traceback)
        heapq.heappush(self._scheduled, timer)
        timer._scheduled = True
        self._armed(timer)
        return timer  # type: ignore[no-any-return]

    def _armed(self, timer: Any) -> None:
        """A timer was made, and is in the heap."""


class VirtualLoop(OwnTimersLoop):
    """A LoopscopeLoop on a virtual clock, not observed: as ordered as if it were."""

    _timer_class = _Timer


# Methods by which a loop is asked to run something, now or later.
ASKED: Final = (
    "call_soon",
    "call_soon_threadsafe",
    "call_later",
    "call_at",
    "create_task",
    "run_in_executor",
)


class ObservedLoop(OwnTimersLoop):
    """A LoopscopeLoop whose handles and tasks are made where its probe can see them.

    The methods below are BaseEventLoop's, with the probe's handle classes in place of asyncio's.
    """

    probe: ClassVar[Any]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for base in cls.__mro__:
            for method in map(vars(base).get, ASKED):
                if isinstance(method, FunctionType) and cls.probe is not None:
                    cls.probe.passes_on(method.__code__)

    def call_soon(self, callback: Any, *args: Any, context: Any = None) -> asyncio.Handle:  # type: ignore[override]
        if self._closed or self._debug:
            self._check_closed()
            if self._debug:
                self._check_thread()
                self._check_callback(callback, "call_soon")
        handle = self.probe.Handle(callback, args, self, context)
        if self._debug:
            _remember_source(handle)
        self._ready.append(handle)
        return handle  # type: ignore[no-any-return]

    _call_soon_slowly = call_soon

    def _call_soon(self, callback: Any, args: Any, context: Any) -> asyncio.Handle:
        handle = self.probe.Handle(callback, args, self, context)
        if self._debug:
            _remember_source(handle)
        self._ready.append(handle)
        return handle  # type: ignore[no-any-return]

    def call_soon_threadsafe(self, callback: Any, *args: Any, context: Any = None) -> asyncio.Handle:  # type: ignore[override]
        self._check_closed()
        if self._debug:
            self._check_callback(callback, "call_soon_threadsafe")
        handle = self._call_soon(callback, args, context)
        self._write_to_self()
        return handle

    @property
    def _timer_class(self) -> Any:
        return self.probe.TimerHandle

    def _armed(self, timer: Any) -> None:
        # The clock as it was last read, in this step: where call_later read it, this is when the delay began.
        probe, now = self.probe, self.clock.now
        probe.timer_armed(timer, now if now - probe.origin >= probe.begin else self.time())

    def ready_handle(self, callback: Any, args: Any, context: Any, before: Any) -> asyncio.Handle:
        handle = self.probe.Handle(callback, args, self, context)
        if before is not None:
            handle.by, handle.site = before.by, before.site
        return handle  # type: ignore[no-any-return]

    def _process_events(self, handles: Any) -> None:
        for handle in handles:  # made when their sockets became ready, but put in the ready queue only now
            handle.ready_seq, handle.ready_at = self.probe.seq, self.probe.now()
            self._ready.append(handle)

    def create_task(self, coro: Any, **options: Any) -> asyncio.Task[Any]:
        probe = self.probe
        eager = self._task_factory is not None or bool(options.get("eager_start"))
        token = probe.task_begins(coro) if eager else 0
        task = None
        probe.making = True
        try:
            task = super().create_task(coro, **options)
            return task
        finally:
            probe.making = False
            if task is not None:
                probe.task_created(token, task, coro, eager)
            elif eager:
                probe.task_created(token, None, coro, eager)
            # A task that raises must not be kept alive by this frame, which is in its exception's traceback.
            del task, coro

    create_task.__qualname__ = "BaseEventLoop.create_task"  # what a trace says is called

    def call_exception_handler(self, context: Any) -> None:
        self.probe.failure(context)
        for name in ("source_traceback", "handle_traceback"):
            if context.get(name):
                not_of_ours(context[name])
        super().call_exception_handler(context)

    def run_forever(self) -> None:
        self.probe.loop_begins(self)
        try:
            super().run_forever()
        finally:
            self.probe.loop_ends(self)


def loop_class(
    clock: Any,
    host: Host,
    probe: Probe | None = None,
    pace: float = 0.0,
    bases: tuple[type, ...] = (),
    network: Network | None = None,
) -> type[LoopscopeLoop]:
    """An event loop class with no constructor arguments, as asyncio wants it; ``bases`` are mixed in first."""
    base = ObservedLoop if probe is not None else VirtualLoop if clock.virtual else LoopscopeLoop
    if (hot := accelerator.serving(probe)) is not None:
        bases = (*bases, hot.Loop)
    names = {"clock": clock, "host": host, "probe": probe, "pace": pace, "__module__": "asyncio"}
    names["network"] = network or Network()
    return type("EventLoop", (*bases, base), names)


class installed:
    """Context manager: asyncio makes loops of class ``cls`` for ``asyncio.run``, ``Runner`` and ``new_event_loop``.

    No event loop policy is set: they are deprecated in 3.14 and gone in 3.16.
    """

    def __init__(self, cls: type[LoopscopeLoop]) -> None:
        self._cls = cls
        self._undo: list[tuple[Any, str, Any]] = []
        self._sockets = in_memory(cls.network)

    def _set(self, target: Any, name: str, value: Any) -> None:
        if hasattr(target, name):
            self._undo.append((target, name, getattr(target, name)))
            setattr(target, name, value)

    def __enter__(self) -> None:
        from asyncio import runners

        self._sockets.__enter__()
        unix: Any = __import__("asyncio.unix_events").unix_events
        for policy in ("_DefaultEventLoopPolicy", "_UnixDefaultEventLoopPolicy"):
            if hasattr(unix, policy):
                self._set(getattr(unix, policy), "_loop_factory", self._cls)
        for name in ("EventLoop", "SelectorEventLoop"):
            self._set(asyncio, name, self._cls)
            self._set(unix, name, self._cls)
        self._set(events, "_event_loop_policy", None)
        self._set(asyncio, "run", runners.run)  # Pyodide replaces it
        self._set(asyncio, "Runner", runners.Runner)

    def __exit__(self, *exc: object) -> None:
        while self._undo:
            setattr(*self._undo.pop())
        self._sockets.__exit__(None, None, None)
