"""Handles that trace: the hot path of the tracer, in one place.

CPython's loop makes a handle for every callback and every step of a task, and runs it by ``handle._run()``. These
classes do what asyncio's do and write one row. They are closures over one tracer: a closure's cells are the fastest
names there are. What looks repeated here is repeated for speed; each microsecond is paid at every step of a program.
"""

from __future__ import annotations

import asyncio
import contextvars
import types
from asyncio import events, format_helpers
from typing import TYPE_CHECKING, Any, Final

from .clock import monotonic
from .ids import callable_name, number_of
from .protocol import ROW, ROW_BYTES, Flag, How, Kind

if TYPE_CHECKING:
    from .tracer import Tracer

# Whole kind words: on the hot path an enum would be looked up and converted at every row.
CALLBACK: Final = int(Kind.CALLBACK)
SUSPENDED: Final = int(Kind.STEP | How.SUSPENDED << 8)
YIELDED: Final = int(Kind.STEP | How.YIELDED << 8)
RETURNED: Final = int(Kind.STEP | How.RETURNED << 8)
RAISED: Final = int(Kind.STEP | How.RAISED << 8)
CANCELLED: Final = int(Kind.STEP | How.CANCELLED << 8)
EAGER: Final = int(Flag.EAGER << 16)
INTERRUPTED: Final = int(How.INTERRUPTED << 8)
FAILED: Final = int(How.RAISED << 8)
STATE: Final = int(Kind.STATE)
_TIMER_FIRED: Final = int(How.TIMER << 8)

# The last two are those of a task in Python alone.
_STEP_NAMES: Final = frozenset({"TaskWakeup", "task_wakeup", "__wakeup", "__step"})


def _step_type() -> type:
    """The private type of a C task's step, found by looking at what a task schedules."""
    seen: list[Any] = []

    class Loop:
        def get_debug(self) -> bool:
            return False

        def call_soon(self, callback: Any, *args: Any, context: Any = None) -> None:
            seen.append(callback)

        def is_running(self) -> bool:
            return False

        def call_exception_handler(self, context: object) -> None:
            pass

    async def nothing() -> None:
        pass

    coro = nothing()
    # With a name: a nameless one would take "Task-1" from the program.
    task: Any = asyncio.Task(coro, loop=Loop(), name="seen")  # type: ignore[arg-type]
    task._log_destroy_pending = False
    coro.close()
    return type(seen[0])


StepWrapper: Final = _step_type()
_BuiltinMethod: Final = types.BuiltinMethodType
_Method: Final = types.MethodType
if TYPE_CHECKING:
    # Their private attributes are used throughout; the public types have none of them.

    class _AnyHandle(asyncio.Handle):
        _context: Any
        _loop: Any
        _callback: Any
        _args: Any
        _repr: Any
        _source_traceback: Any

    class _AnyTimerHandle(asyncio.TimerHandle, _AnyHandle):
        _when: float
        _scheduled: bool
else:
    _AnyHandle = events.Handle
    _AnyTimerHandle = events.TimerHandle

_format_source: Any = format_helpers._format_callback_source
_hides_arguments = "debug" in (
    _format_source.__kwdefaults__ or ()
)  # CPython 3.13 and later, out of debug mode
_wake_sleeper: Any = asyncio.futures._set_result_unless_cancelled  # type: ignore[attr-defined]
_TASKS: Final = (asyncio.Task, getattr(asyncio.tasks, "_PyTask", asyncio.Task))


def handle_classes(tr: Tracer) -> tuple[type[asyncio.Handle], type[asyncio.TimerHandle]]:
    """Handle and TimerHandle that write to ``tr``."""
    clock: Any = tr.clock
    virtual = tr.virtual
    origin = tr.origin
    cpu = tr.cpu
    pack = ROW.pack_into
    places = tr.places
    chain_of_task = places.chain_of_task
    owner_depth = places.owner_depth
    site_of = places.site_of
    buffer = tr.buffer
    full = len(buffer)
    copy_context = contextvars.copy_context
    Future: Any = asyncio.Future
    step_type, BuiltinMethod, Method = StepWrapper, _BuiltinMethod, _Method

    wakes_sleeper = tr.string(callable_name(_wake_sleeper))

    def name_of(callback: Any) -> int:
        # Nearly every timer is a sleep's.
        return wakes_sleeper if callback is _wake_sleeper else tr.string(callable_name(callback))

    class Handle(_AnyHandle):
        __slots__ = ("by", "ready_at", "ready_seq", "site")

        def __init__(self, callback: Any, args: Any, loop: Any, context: Any = None) -> None:
            self._context = copy_context() if context is None else context
            self._loop = loop
            self._callback = callback
            self._args = args
            self._cancelled = False
            self._repr = None
            self._source_traceback = None  # the loop sets it, in debug mode
            self.by = tr.cur
            self.ready_seq = tr.seq
            self.ready_at = clock.now if virtual else monotonic() - tr.base
            try:
                self.site = site_of(2)  # of who called call_soon
            except Exception as error:
                self.site = 0
                tr.broken(error)

        def _run(self) -> None:
            if tr.hold:
                tr.wait_to_go(self)
            callback = self._callback
            kind = type(callback)
            via = 0
            if kind is step_type:
                task = callback.__self__
            elif (
                (kind is BuiltinMethod or kind is Method)
                and issubclass(type(callback.__self__), _TASKS)
                and callback.__name__ in _STEP_NAMES
            ):
                task = callback.__self__
                if self._args:
                    via = number_of(self._args[0])
            else:
                task = None
            if task is None:
                tr.cur = number = tr.new_id()
            else:
                try:
                    number = task._loopscope_id
                except Exception:
                    number = tr.id_of(task)
                tr.cur = number
            if virtual:
                tr.begin = begin = clock.now
            else:
                begin = tr.begin
            failed = 0
            try:
                self._context.run(callback, *self._args)
            except (SystemExit, KeyboardInterrupt):
                failed = INTERRUPTED
                raise
            except BaseException as error:
                failed = FAILED
                report(self, callback, error)
            finally:
                # Observing must not fail the program, and must not keep alive what the step left behind.
                try:
                    if virtual:
                        end = clock.now
                        mark = cpu()
                        spent = mark - tr.mark
                        tr.mark = mark
                    else:
                        tr.begin = end = monotonic() - tr.base
                        spent = end - begin
                    if task is None:
                        word = CALLBACK | failed
                        waits = chain = 0
                        aux = name_of(callback)
                    else:
                        aux = 0
                        waiter = task._fut_waiter
                        if waiter is not None:
                            word = SUSPENDED
                            if type(waiter) is Future:
                                waits = getattr(waiter, "_loopscope_id", 0)
                                if not waits:
                                    tr.ids = waits = tr.ids + 1
                                    waiter._loopscope_id = waits
                            else:
                                waits = tr.id_of(waiter)
                            waiter = None
                            chain = chain_of_task(task)
                            depth = owner_depth[chain]
                            if depth:
                                aux = tr.primitive(task, depth)
                        elif not task.done():
                            word = YIELDED
                            waits = 0
                            chain = chain_of_task(task)
                        else:
                            word, waits, chain, aux = tr.outcome(task)
                        if failed:
                            word = word & 0xFF | failed
                    offset = tr.offset
                    if offset >= full:
                        offset = tr.flush()
                    pack(
                        buffer, offset, begin, end, self.ready_at, spent, word, number, self.by, self.site, via,
                        waits, chain, self.ready_seq, aux,
                    )  # fmt: skip
                    tr.offset = offset + ROW_BYTES
                    tr.seq += 1
                except KeyboardInterrupt:
                    raise
                except BaseException as error:
                    tr.broken(error)
                tr.cur = 0
                # As in CPython's own _run: an exception's traceback holds this frame.
                self = callback = task = None  # type: ignore[assignment]

    class TimerHandle(_AnyTimerHandle):
        __slots__ = ("by", "due", "id", "site")
        by: int
        site: int

        def __init__(self, when: float, *args: Any) -> None:
            super().__init__(when, *args)
            self.due = round(when, 9)
            self.id = tr.new_id()

        if virtual:
            # A real clock ticks between two calls of sleep(0.05), so the one that was called first wakes first.
            # Under a clock that stands still they tie, and a heap leaves ties in no order: creation decides here, too.
            # To the nanosecond, because 0.1 + 0.2 > 0.3.
            def __lt__(self, other: Any) -> bool:
                return (self.due, self.id) < (other.due, other.id)

        def _run(self) -> None:
            if tr.hold:
                tr.wait_to_go(self)
            callback = self._callback
            tr.cur = self.id
            if virtual:
                tr.begin = begin = clock.now
            else:
                begin = tr.begin
            how = _TIMER_FIRED
            ready_seq = tr.polled_seq
            try:
                self._context.run(callback, *self._args)
            except (SystemExit, KeyboardInterrupt):
                how = INTERRUPTED
                raise
            except BaseException as error:
                how = FAILED
                report(self, callback, error)
            finally:
                try:
                    if virtual:
                        end = clock.now
                        mark = cpu()
                        spent = mark - tr.mark
                        tr.mark = mark
                    else:
                        tr.begin = end = monotonic() - tr.base
                        spent = end - begin
                    offset = tr.offset
                    if offset >= full:
                        offset = tr.flush()
                    due = self._when - origin
                    pack(
                        buffer, offset, begin, end, due if due < begin else begin, spent, CALLBACK | how, self.id,
                        self.by, self.site, 0, 0, 0, ready_seq, name_of(callback),
                    )  # fmt: skip
                    tr.offset = offset + ROW_BYTES
                    tr.seq += 1
                except KeyboardInterrupt:
                    raise
                except BaseException as error:
                    tr.broken(error)
                tr.cur = 0
                self = callback = None  # type: ignore[assignment]

        def cancel(self) -> None:
            if self._scheduled and not self._cancelled:  # not: cancelled after it fired, as sleep() does
                tr.timer_cancelled(self)
            super().cancel()

    # repr() and log messages name them as CPython's.
    Handle.__qualname__ = Handle.__name__ = "Handle"
    TimerHandle.__qualname__ = TimerHandle.__name__ = "TimerHandle"
    return Handle, TimerHandle


def step_task(callback: Any) -> Any:
    """The task of which a bound method is a step; None for another method."""
    task = callback.__self__
    return task if issubclass(type(task), _TASKS) and callback.__name__ in _STEP_NAMES else None


def task_of(callback: Any) -> Any:
    """The task that a handle with this callback runs a step of; None: it does something else."""
    kind = type(callback)
    if kind is StepWrapper:
        return callback.__self__
    return step_task(callback) if kind is _BuiltinMethod or kind is _Method else None


def report(handle: Any, callback: Any, error: BaseException) -> None:
    """What asyncio.Handle._run does with an exception."""
    loop = handle._loop
    options = {"debug": loop.get_debug()} if _hides_arguments else {}
    source = _format_source(callback, handle._args, **options)
    context = {"message": f"Exception in callback {source}", "exception": error, "handle": handle}
    if handle._source_traceback:
        context["source_traceback"] = handle._source_traceback
    loop.call_exception_handler(context)
