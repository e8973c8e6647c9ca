"""The tracer: a probe that writes what a loop does as rows of the wire, in batches.

The hot path packs numbers into a buffer and interns places (``places.py``); names, lines and labels are decoded when
a batch is sent. One row tells a whole handle: when and by whom it was made ready, when it ran, how it ended, what it
waits for now.

The file is long because the hooks share one buffer and one set of slots; what needs neither stands in ``handles``,
``places``, ``names`` and ``primitives``.
"""

from __future__ import annotations

import asyncio
import functools
import sys
from collections.abc import Callable
from types import CodeType
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast

from . import accelerator
from .clock import perf_counter
from .errors import ASKS, in_words, raised
from .frames import parts
from .handles import CANCELLED, EAGER, RAISED, RETURNED, SUSPENDED, YIELDED, handle_classes, task_of
from .ids import callable_name, give_number, number_of, type_name
from .labels import object_label
from .names import Names
from .places import Places, module_name
from .primitives import CANCELS, bound_of, clamped, kind_of, primitive_at
from .protocol import ROW, ROW_BYTES, Flag, How, Kind, pack_frame
from .variables import Variables

TASK: Final = asyncio.Task  # while a program runs that name means a class below it
CAPACITY: Final = 4096  # rows in the buffer
EVENTS: Final = 3_000_000  # rows of one run: what a page can hold
OUTPUT: Final = 1_000_000  # characters of output that are kept
NAME: Final = 500  # characters of a name
NAMES: Final = 20_000_000  # characters of all names of one run
CHUNK: Final = 4096  # characters of one OUTPUT event of a flood, about
FLOOD: Final = 100  # lines printed by one line of the program, with nothing between, before they share events
BATCH_EVERY: Final = 0.04  # seconds between batches while there are events

# Coroutines of the library's own that asyncio.run runs on a loop before it closes it.
CLOSES: Final = frozenset({"shutdown_asyncgens", "shutdown_default_executor"})
HELD: Final = 2  # META's `now`: the program is held before its next step
# What a note (Kind.NOTE) says. asyncio went through a set of tasks: the order is ours, and guaranteed by nobody.
SET_ORDER: Final = "set order"
# The other one, "executor", is the loop's: a job ran on the loop's own thread, because a browser has no other.


P = ParamSpec("P")
R = TypeVar("R")


def _harmless(hook: Callable[Concatenate[Tracer, P], R]) -> Callable[Concatenate[Tracer, P], R]:
    """A hook that never breaks the program: where it fails, it says so once and returns nothing.

    What the program's own objects may raise in it counts as that, an exit included. A KeyboardInterrupt is Stop's.
    """

    @functools.wraps(hook)
    def harmless(self: Tracer, *args: P.args, **options: P.kwargs) -> R | None:
        try:
            return hook(self, *args, **options)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            self.broken(error)
            return None

    return cast("Callable[Concatenate[Tracer, P], R]", harmless)


# The numbers that change at every step. The compiled core keeps them itself (accelerator.py).
_HOT: Final = (
    "Handle", "base", "begin", "cur", "full", "hold", "ids", "mark", "offset", "origin", "polled_seq", "seq",
)  # fmt: skip
_REST: Final = (
    "TimerHandle", "_eager_begin", "_kept", "_named", "_names", "_new_objects", "_new_strings", "_noted", "_out",
    "_send", "_sent", "_strings", "_text", "_text_id", "_written", "buffer", "cancelling", "clock", "cpu",
    "cut_characters", "cut_lines", "depths", "gate", "held", "limit", "lost", "making", "places", "problem",
    "variables", "virtual", "when_stuck",
)  # fmt: skip


class Tracer:
    """Observes the loops of one run and sends what they did.

    ``send`` gets each batch as one frame (see protocol.py). ``cpu`` is the clock that steps are measured by.
    """

    # Its two forms have slots, because an instance with this many attributes is slow without, and the hot path reads
    # them at every step.
    __slots__ = tuple[str, ...]()
    Handle: Any
    places: Places

    def __new__(cls, *args: Any, **options: Any) -> Tracer:
        form = _form()
        if not issubclass(cls, form):
            cls = form if cls is Tracer else type(cls.__name__, (cls, form), {"__slots__": ()})
        return super().__new__(cls)

    def __init__(
        self,
        clock: Any,
        send: Callable[[bytes], None],
        cpu: Callable[[], float] = perf_counter,
        limit: int = EVENTS,
    ) -> None:
        self.clock = clock
        self._send = send
        self.cpu = cpu
        self.limit = limit
        self.virtual: bool = clock.virtual
        self.origin: float = clock.time()
        self.base = self.origin  # of the real clock: what to take from monotonic(), the time held included
        self.seq = 0  # events so far; also the index of the next one
        self.polled_seq = 0
        self.cur = 0  # id of what runs now: the cause of everything that is made ready now
        self.begin = 0.0  # clock when it began, since origin
        self.mark = cpu()  # cpu clock when it began
        self.buffer = bytearray(CAPACITY * ROW_BYTES)
        self.offset = 0
        self.full = len(self.buffer)
        self.ids = 0
        self.lost = 0
        self.hold = False  # stop before the next handle, and ask `gate` when to go on
        self.gate: Callable[[], None] = lambda: None
        self.held: Callable[[], bool] = lambda: False  # whether the gate is shut, where every handle asks
        # Called when nothing can wake the loop and everything is sent.
        self.when_stuck: Callable[[], None] | None = None
        self.variables: Variables | None = None
        self.problem = ""  # why the tracer switched itself off
        self._sent = perf_counter()
        self._strings: dict[str, int] = {"": 0}
        self._new_strings: list[tuple[int, str]] = []
        self._named = 0  # characters of names
        self._kept = 0
        self._written = 0  # characters of output
        self.cut_lines = self.cut_characters = 0
        # The latest OUTPUT event, while it can grow: [seq after it, how, site, length, whether its line is complete,
        # events before it that came from the same line with nothing between], its text and the text's id.
        self._out: list[Any] = [-1, 0, 0, 0, True, 0]
        self._text: list[str] = []
        self._text_id = 0
        self._names = Names()
        self._new_objects: list[tuple[int, str, str, int, int]] = []
        self.making = False  # a loop's create_task makes a task, and will tell of it
        self.cancelling: Any = None  # the task that passes a request to cancel on
        self.depths: dict[
            int, int
        ] = {}  # exception's id → how many of the program's frames it went through so far
        self._noted: set[tuple[str, int]] = set()
        self.places = Places()
        handle, self.TimerHandle = handle_classes(self)
        self.places.stop_at(handle._run.__code__)
        self.places.stop_at(self.TimerHandle._run.__code__)
        # What a loop does between two handles is not the doing of who runs it; and compiled handles have no frame.
        self.places.stop_at(asyncio.BaseEventLoop._run_once.__code__)  # type: ignore[attr-defined]
        if isinstance(self, _Plain):
            self.Handle = handle
        else:
            self._attach()

    def _attach(self) -> None:
        """Tell the compiled core what it makes rows from."""
        core: Any = self
        now = type(self.clock).now if self.virtual else None
        cpu = None if self.cpu is perf_counter else self.cpu
        places = self.places
        core.attach(self.buffer, self.clock, now, cpu, places, places.owner_depth, self._strings)
        places.site_of = core.site_of  # type: ignore[method-assign]

    # -- ids and strings

    def new_id(self) -> int:
        self.ids += 1
        return self.ids

    def id_of(self, subject: Any) -> int:
        """Id of a task or future, given at first sight. 0 for what takes no attributes."""
        number = number_of(subject)
        if number:
            return number
        if self.cur and issubclass(type(subject), TASK) and asyncio.current_task() is subject:
            # Its first step runs inside its creation: its number was put aside for it.
            return self.cur if give_number(subject, self.cur) else 0
        self.ids = number = self.ids + 1
        if not give_number(subject, number):
            return 0
        label = "" if type(subject) is asyncio.Future else object_label(subject)
        if label:
            self.row(Kind.OBJECT, subject=number, by=self.cur, aux=self.string(label))
        return number

    def string(self, text: str) -> int:
        if type(text) is not str:
            text = str.__str__(text)  # of a subclass, which may compare and count as it likes
        if len(text) > NAME:
            text = f"{text[:NAME]}…"
        number = self._strings.get(text)
        if number is None:
            self._named += len(text)
            if self._named > NAMES and text != "…":
                return self.string("…")
            number = self._strings[text] = len(self._strings)
            self._new_strings.append((number, text))
        return number

    def callback_name(self, callback: Any) -> int:
        """Number of a callback's name."""
        return self.string(callable_name(callback))

    def now(self) -> float:
        """Clock since the run began, seconds."""
        time: float = self.clock.time()
        return time - self.origin

    # -- rows

    def row(
        self,
        kind: int,
        *,
        t: float | None = None,
        end: float = 0.0,
        ready: float = 0.0,
        cpu: float = 0.0,
        subject: int = 0,
        by: int = 0,
        site: int = 0,
        via: int = 0,
        waits: int = 0,
        chain: int = 0,
        ready_seq: int = 0,
        aux: int = 0,
    ) -> None:
        """Write one row; the slow, readable way."""
        if t is None:
            t = self.now()
        offset = self.offset
        if offset >= self.full:
            offset = self.flush()
        ROW.pack_into(
            self.buffer, offset, t, end, ready, cpu, kind, subject, by, site, via, waits, chain, ready_seq, aux
        )  # fmt: skip
        self.offset = offset + ROW_BYTES
        self.seq += 1

    def flush(self, now: list[Any] | None = None) -> int:
        """Send what is in the buffer; returns the new offset, 0. ``now``: see META."""
        self._sent = perf_counter()
        self._cut_text()
        offset, self.offset = self.offset, 0
        rows = memoryview(self.buffer)[:offset]
        kept = offset // ROW_BYTES
        if self._kept + kept > self.limit:
            rows = self._essential(rows)
            self.lost += kept - len(rows) // ROW_BYTES
        else:
            self._kept += kept
        meta = self.places.take_meta()
        if "codes" in meta:
            meta["codes"] = [[k, name[:NAME], file[:NAME], *rest] for k, name, file, *rest in meta["codes"]]
        if self._new_strings:
            meta["strings"] = self._new_strings
            self._new_strings = []
        if self._new_objects:
            meta["objects"] = self._new_objects
            self._new_objects = []
        if self.variables is not None and (found := self.variables.take_meta()):
            meta["locals"] = found
        if self.lost:
            meta["lost"] = self.lost
        if self.problem:
            meta["problem"] = self.problem
        if self.cut_characters:
            meta["cut"] = [self.cut_lines, self.cut_characters]
        if now:
            meta["now"] = now
        if rows or meta:
            self._send(pack_frame(meta, rows))
        return 0

    def _essential(self, rows: memoryview) -> memoryview:
        """Of rows past the limit, those that must be kept: what was printed and how the program ended."""
        keep = (Kind.OUTPUT, Kind.EXIT)
        word = (
            ROW_BYTES - 36
        )  # offset of the kind word: nine four-byte columns stand from it to the row's end
        parts = [rows[k : k + ROW_BYTES] for k in range(0, len(rows), ROW_BYTES) if rows[k + word] in keep]
        return memoryview(b"".join(parts))

    def record_variables(self) -> None:
        """From now on the variables of suspended tasks are recorded, too. Every handle asks for it before it runs."""
        self.variables = Variables(self.id_of, lambda: self.note("variables full"))
        self.hold = True

    def sign_of_life(self, busy: bool) -> None:
        """Send everything up to this moment, and what is running: a long step is seen while it runs."""
        self.flush([self.now(), int(busy), self.cur, self.begin])

    def wait_to_go(self, handle: Any) -> None:
        """Before ``handle`` runs. Where the program is held: show what was done, and wait until the gate opens."""
        if self.variables is not None:
            self._look(handle)
            if not self.held():
                return
        subject = number_of(task_of(handle._callback)) or getattr(handle, "id", 0)
        self.flush([self.now(), HELD, subject, self.now()])
        self.gate()
        self.hold = self.hold or self.variables is not None
        if not self.virtual:
            self.base = self.origin + self.clock.held
        self.mark = self.cpu()
        self.begin = self.now()

    @_harmless
    def _look(self, handle: Any) -> None:
        variables = self.variables
        assert variables is not None
        variables.look(self.seq - 1)
        variables.runs(task_of(handle._callback))

    # -- what the loop tells (probe.py)

    @_harmless
    def timer_armed(self, timer: Any, now: float) -> None:
        timer.by = self.cur
        timer.site = site = self.places.site_of(2)
        number = timer.id
        args = timer._args
        via = self.id_of(args[0]) if args and hasattr(type(args[0]), "_asyncio_future_blocking") else 0
        self.row(
            Kind.TIMER,
            t=now - self.origin,
            end=timer._when - self.origin,
            subject=number,
            by=self.cur,
            site=site,
            via=via,
            aux=self.string(callable_name(timer._callback)),
        )

    @_harmless
    def timer_cancelled(self, timer: Any) -> None:
        # Past the wrapper and the handle's own cancel().
        self.row(Kind.TIMER_CANCELLED, subject=timer.id, by=self.cur, site=self.places.site_of(3))

    @_harmless
    def task_begins(self, coro: Any) -> int:
        # The first step may run inside the constructor: what it does is its own doing.
        token = self.cur
        self._eager_begin = (self.now(), self.cpu())
        self.cur = self.new_id()
        return token

    @_harmless
    def task_created(self, token: int, task: Any, coro: Any, eager: bool) -> None:
        if eager:
            number, self.cur = self.cur, token
            if task is None or number_of(task) not in (0, number):
                return
        else:
            number = self.new_id()
        if not give_number(task, number):
            return
        self.places.remember(task, coro)
        inside = parts(coro)  # an asynchronous generator that is closed late is hidden in what closes it
        code = inside[0] if inside else None
        site = self.places.site_of(2)
        chain = self.places.start_of(code) if code is not None else 0
        # What the program asks to run is the program's, whoever wrote its coroutine: asyncio.run(asyncio.sleep(1)).
        library = (
            not self.cur and code is not None and code.co_name in CLOSES and self.places.own[id(code)] < 0
        )
        name = str(_name_of(task))
        self.row(
            Kind.TASK | (Flag.LIBRARY << 16 if library else 0),
            subject=number,
            by=self.cur,
            site=site,
            chain=chain,
            aux=self.string(name),
        )
        begun = eager and (getattr(coro, "cr_frame", None) is None or getattr(coro, "cr_suspended", False))
        if eager and not begun:
            # A factory that makes plain tasks: the first step was scheduled by who asked for the task.
            for handle in reversed(task.get_loop()._ready):
                if getattr(handle, "by", 0) != number:
                    break
                handle.by, handle.site = self.cur, site
        if begun:
            begin, mark = self._eager_begin
            word, waits, chain, aux = self.outcome(task)
            self.row(
                word | EAGER,
                t=begin,
                end=self.now(),
                ready=begin,
                cpu=self.cpu() - mark,
                subject=number,
                by=self.cur,
                site=site,
                waits=waits,
                chain=chain,
                ready_seq=self.seq - 1,
                aux=aux,
            )
            if self.variables is not None:
                self.variables.take(task, self.seq - 1)

    def outcome(self, task: Any) -> tuple[int, int, int, int]:
        """How a task's step just ended: kind word, what it waits for, its chain, its exception's name."""
        waiter = getattr(task, "_fut_waiter", None)
        if waiter is not None:
            chain = self.places.chain_of(task.get_coro())
            depth = self.places.owner_depth[chain]
            return SUSPENDED, self.id_of(waiter), chain, self.primitive(task, depth) if depth else 0
        if not task.done():
            return YIELDED, 0, self.places.chain_of(task.get_coro()), 0
        if task.cancelled():
            return CANCELLED, 0, 0, 0
        error = getattr(task, "_exception", None)  # not exception(): that counts as retrieving it
        if error is not None:
            chain = raised(self, self.id_of(task), error)
            return RAISED, 0, chain, self.string(type_name(type(error)))
        return RETURNED, 0, 0, 0

    @_harmless
    def passes_on(self, code: CodeType) -> None:
        self.places.pass_over(code)

    @_harmless
    def loop_begins(self, loop: Any) -> None:
        self.row(Kind.LOOP | How.BEGIN << 8, subject=id(loop) & 0x7FFFFFFF if not self.virtual else 0)
        self.mark = self.cpu()
        self.begin = self.now()

    @_harmless
    def loop_ends(self, loop: Any) -> None:
        self.cur = 0
        self.row(Kind.LOOP | How.END << 8)

    @_harmless
    def breathes(self) -> None:
        if perf_counter() - self._sent >= BATCH_EVERY:
            self.sign_of_life(True)

    @_harmless
    def stuck(self) -> None:
        self.note("deadlock")
        if self.when_stuck is not None:
            self.flush()
            self.when_stuck()

    @_harmless
    def parks(self) -> None:
        if self.variables is not None:
            self.variables.look(self.seq - 1)
        self.sign_of_life(False)

    @_harmless
    def parked(self, begin: float, end: float, outside: bool) -> None:
        if self.variables is not None:
            self.variables.look(self.seq - 1)
        how = How.OUTSIDE if outside else How.TIMER
        self.row(Kind.IDLE | how << 8, t=begin - self.origin, end=end - self.origin)
        self.mark = self.cpu()
        self.begin = end - self.origin

    # -- what the program writes (program.py)

    @_harmless
    def output(self, how: How, text: str) -> None:
        """Text the program wrote: an event for each line of it, until one line of the program floods."""
        room = OUTPUT - self._written
        if len(text) > room:
            self.cut_characters += len(text) - room
            self.cut_lines += text.count("\n", room)
            text = text[:room]
            if not text:
                return
        self._written += len(text)
        out = self._out
        site = self._place()
        if out[0] == self.seq and out[1] == how and out[2] == site:
            out[5] += out[4]
            if out[3] < CHUNK if out[5] > FLOOD else not out[4]:
                out[3] += len(text)
                out[4] = text.endswith("\n")
                self._text.append(text)
                return
        else:
            out[5] = 0
        self._cut_text()
        # Texts are not interned: most are unique, and a table of them would keep them all.
        self._text_id = -1 - self.seq
        self.row(Kind.OUTPUT | how << 8, by=self.cur, site=site, aux=self._text_id)
        out[:5] = self.seq, how, site, len(text), text.endswith("\n")
        self._text.append(text)
        if out[5] > FLOOD and perf_counter() - self._sent > BATCH_EVERY:
            self.sign_of_life(True)

    def _cut_text(self) -> None:
        """Ship the open event's text so far; it may go on."""
        if self._text:
            self._new_strings.append((self._text_id, "".join(self._text)))
            self._text.clear()

    @_harmless
    def state(self, owner: Any, value: int) -> None:
        """A primitive was made or changed: see primitives.py."""
        number = number_of(owner) or self._new_primitive(owner)
        if number > 0:
            self.row(Kind.STATE, subject=number, by=self.cur, site=self.places.site_of(2), aux=value)

    def _new_primitive(self, owner: Any) -> int:
        # Who made it: below us are the watching functions, then __init__, which may be called by its subclasses'.
        depth = 1
        while (module_name(depth) or "").startswith("loopscope."):
            depth += 1
        while _makes(sys._getframe(depth + 1), owner):
            depth += 1
        maker = module_name(depth + 1)
        # A queue's own event, a barrier's own condition and its lock: their owner tells all there is to tell.
        part = maker == "asyncio.locks" and (
            kind_of(owner) == "Condition" or (kind_of(owner) == "Lock" and module_name(depth + 2) == maker)
        )
        if part or (maker != "asyncio.locks" and str(maker).startswith("asyncio.")):
            give_number(owner, -1)
            return -1
        self.ids = number = self.ids + 1
        give_number(owner, number)
        site = self.places.walk(sys._getframe(depth + 1))
        if maker == "asyncio.locks":
            self._new_objects.append((number, kind_of(owner), "", site, bound_of(owner)))
            return number
        name = self._names.name_at(*self.places.code_of(site)) if site else ""
        self._new_objects.append((number, kind_of(owner), name, site, bound_of(owner)))
        return number

    @_harmless
    def part_of(self, owner: Any, part: Any, name: str) -> None:
        """``part`` was made for ``owner``, in the same statement: it is called after it."""
        made = {number: rest for number, *rest in self._new_objects}
        number, whole = number_of(part), made.get(number_of(owner))
        if number in made and whole and not made[number][1] and made[number][2] == whole[2]:
            made[number][1] = f"{whole[1]}.{name}" if whole[1] else ""
            self._new_objects = [(number, *rest) for number, rest in made.items()]  # type: ignore[misc]

    @_harmless
    def finishes(self, queue: Any) -> None:
        """``queue.task_done()`` was called."""
        left = queue._unfinished_tasks - 1
        if left >= 0:
            self._say(queue, How.UNFINISHED, left)

    @_harmless
    def notified(self, condition: Any, count: Any) -> None:
        """``condition.notify(count)`` is called, and may find nobody who waits."""
        waiting = sum(not waiter.done() for waiter in condition._waiters)
        self._say(condition, How.NOTIFIED, max(0, min(waiting, clamped(count))))

    @_harmless
    def shut(self, owner: Any, value: int) -> None:
        """``queue.shutdown()`` is called, or ``barrier.abort()``."""
        self._say(owner, How.SHUT, value)

    def _say(self, primitive: Any, how: How, value: int) -> None:
        number = number_of(primitive)
        if number > 0:
            word = Kind.STATE | how << 8
            self.row(word, subject=number, by=self.cur, site=self.places.site_of(3), aux=value)

    @_harmless
    def named(self, future: Any, name: str) -> None:
        """What a library function made for the program to await is known by the function's name."""
        if type(future) is asyncio.Future and not number_of(future):
            self.ids = number = self.ids + 1
            give_number(future, number)
            self.row(Kind.OBJECT, subject=number, by=self.cur, aux=self.string(name))

    def primitive(self, task: Any, depth: int) -> int:
        """Id of the primitive that a suspended task waits for."""
        owner = primitive_at(task.get_coro(), depth - 1)
        return max(0, number_of(owner))

    @_harmless
    def cancelled(self, task: Any, message: Any, withdrawn: bool = False) -> None:
        """``task.cancel(message)`` was called and will be heard; or ``task.uncancel()`` was."""
        aux = 0 if message is None else self.string(_message(message))
        how = How.WITHDRAWN if withdrawn else self.places.library_above(CANCELS, sys._getframe(1)) or 0
        by, site, via = self.cur, self.places.site_of(2), 0
        caller = sys._getframe(3).f_code  # past the wrapper and the task's own cancel()
        if how is How.BY_STOP:
            # A signal: what ran when it came did not ask.
            via, by, site = self.cur, 0, 0
        elif self.cancelling is not None and not withdrawn:
            how, via = how if how is How.BY_GATHER else How.BY_PARENT, self.id_of(self.cancelling)
        elif not how and by and self.places.own.get(id(caller)) == 0 and asyncio.current_task():
            # Its step was asked to cancel while it ran, and passes that on to what it awaits at its end.
            how, via = How.BY_PARENT, by
        flag = Flag.UNHEARD << 16 if withdrawn and self._unheard(sys._getframe(3)) else 0
        self.row(Kind.CANCEL | how << 8 | flag, subject=self.id_of(task), by=by, site=site, via=via, aux=aux)

    def _unheard(self, frame: Any) -> bool:
        """Whether who takes a request back is a timeout that sees no exception leave its block."""
        code = frame.f_code
        if code.co_qualname != "Timeout.__aexit__" or self.places.own_of(code) > 0:
            return False
        return frame.f_locals.get("exc_type", code) is None

    @_harmless
    def retrieved(self, task: Any) -> None:
        """Somebody asks for a failed task's exception or result, the first time."""
        through = self.string(self.places.library_above(ASKS, sys._getframe(2)) or "")
        site = self.places.site_of(2)
        self.row(
            Kind.ERROR | How.RETRIEVED << 8, subject=self.id_of(task), by=self.cur, site=site, aux=through
        )

    @_harmless
    def note(self, text: str, subject: int = 0) -> None:
        """Something a reader of the trace should know; told once for each place in the program."""
        site = self._place()
        if (text, subject or site) not in self._noted:
            self._noted.add((text, subject or site))
            self.row(Kind.NOTE, subject=subject, by=self.cur, site=site, aux=self.string(text))

    @_harmless
    def failure(self, context: dict[str, Any]) -> None:
        """What a loop's exception handler is told."""
        message, error = context.get("message"), context.get("exception")
        if type(message) is not str:
            return
        if message.startswith("Exception in callback") and isinstance(error, BaseException) and self.cur:
            raised(self, self.cur, error)
        future = context.get("future")
        about = context.get("task", future)
        subject = number_of(about)
        if "never retrieved" in message:
            nameless = about is future and not issubclass(type(about), TASK)
            words = in_words(error) if nameless and isinstance(error, BaseException) else ""
            self.note(f"never retrieved: {words}", subject)
        elif "destroyed but it is pending" in message:
            self.note("destroyed pending: ", subject)

    def _place(self) -> int:
        """Site of what the program does now; 0 for what its loop does between two handles."""
        if not self.cur and asyncio._get_running_loop():
            return self.places.walk(sys._getframe(1))
        return self.places.site_of(1)

    def broken(self, error: BaseException) -> None:
        """An observer never breaks what it observes: it says so once and steps aside."""
        if not self.problem:
            self.problem = in_words(error)


def _makes(frame: Any, owner: object) -> bool:
    """Whether a frame is of an ``__init__`` of an object."""
    return frame.f_code.co_name == "__init__" and frame.f_locals.get("self") is owner


def _message(message: object) -> str:
    """What a request to cancel says, in words."""
    plain = type(message) in (str, int, float, bool)
    return str(message) if plain else type_name(type(message))


def _name_of(task: Any) -> str:
    """A task's name; "" for what has none."""
    try:
        return task.get_name()  # type: ignore[no-any-return]
    except Exception:
        return ""


class _Plain(Tracer):
    """A tracer in Python alone."""

    __slots__ = _HOT + _REST


@functools.cache
def _compiled(hot: Any) -> type[Tracer]:
    return type("Tracer", (hot.Core, Tracer), {"__slots__": _REST})


def _form() -> type[Tracer]:
    hot = accelerator.load()
    return _Plain if hot is None else _compiled(hot)
