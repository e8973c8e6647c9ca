"""Exceptions: where they were raised, through which frames they went, who asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .ids import give_number, is_of_program, number_of, type_name
from .protocol import How, Kind

if TYPE_CHECKING:
    from .places import Places
    from .tracer import Tracer

DEEP: Final = 40  # frames that are told of a traceback: the outermost half and the innermost half of them
LETTERS: Final = 200  # of an exception in words
PARTS: Final = 20  # exceptions that are told of a group
_args: Any = BaseException.__dict__["args"]
_traceback: Any = BaseException.__dict__["__traceback__"]
_PLAIN: Final = (str, int, float, bool, bytes, type(None))

# Library function → what its users call it, where a task's exception is asked for.
ASKS: Final = {
    "gather.<locals>._done_callback": "gather",
    "TaskGroup._on_task_done": "TaskGroup",
    "shield.<locals>._inner_done_callback": "shield",
    "wait_for": "wait_for",
    "_cancel_all_tasks": "asyncio.run",
    "BaseEventLoop.run_until_complete": "asyncio.run",
    "_AsCompletedIterator._wait_for_one": "as_completed",
    "as_completed.<locals>._wait_for_one": "as_completed",
}


def in_words(error: BaseException) -> str:
    """``ValueError: no such user``; without the message where making it would run code of the program's."""
    kind = type(error)
    name = type_name(kind).rpartition("<locals>.")[2]
    maker = next(cls for cls in type.mro(kind) if "__str__" in type.__dict__["__dict__"].__get__(cls))
    if is_of_program(maker) or not all(type(arg) in _PLAIN for arg in _args.__get__(error)):
        return name
    try:
        message = str(error)
    except Exception:  # some show attributes that anybody may set
        return name
    return f"{name}: {message[:LETTERS]}" if message else name


def raised(tracer: Tracer, subject: int, error: BaseException) -> int:
    """An exception left a task's step, or a callback. Returns the chain of frames that it went through there."""
    known = number_of(error)
    number = known or _number(tracer, error)
    frames = _own_frames(tracer.places, error)
    # Whoever awaits a task that failed gets its traceback, too, and adds to it.
    mine = frames[: len(frames) - tracer.depths.get(known, 0)] or frames
    if number:
        tracer.depths[number] = len(frames)
    chain = tracer.places.chain_through(mine)
    site = tracer.places.site(*frames[-1][1:]) if frames else 0
    text = tracer.string(in_words(error))
    word = Kind.ERROR | How.RAISED << 8
    tracer.row(word, subject=subject, by=tracer.cur, site=site, via=number, chain=chain, aux=text)
    for part in _parts(error)[:PARTS]:
        one = number_of(part) or _number(tracer, part)
        text = tracer.string(in_words(part))
        tracer.row(Kind.ERROR | How.PART << 8, subject=number, by=tracer.cur, via=one, aux=text)
    return chain


def _parts(error: BaseException) -> tuple[BaseException, ...]:
    """The exceptions of a group."""
    if not issubclass(type(error), BaseExceptionGroup):
        return ()
    members: Any = BaseExceptionGroup.__dict__["exceptions"]
    found: tuple[BaseException, ...] = members.__get__(error)
    return found


def _number(tracer: Tracer, error: BaseException) -> int:
    number = tracer.new_id()
    return number if give_number(error, number) else 0


def _own_frames(places: Places, error: BaseException) -> list[tuple[Any, int, int]]:
    """(code, code id, instruction) of the program's own frames in a traceback, outermost first."""
    frames = []
    entry = _traceback.__get__(error)
    while entry is not None:
        code = entry.tb_frame.f_code
        number = places.own.get(id(code))
        if number is None:
            number = places.add_code(code)
        if number > 0:
            frames.append((code, number, entry.tb_lasti))
        entry = entry.tb_next
    return frames if len(frames) <= DEEP else frames[: DEEP // 2] + frames[-DEEP // 2 :]


class Asked:
    """A method of tasks whose use is told. What it gives is asyncio's own method: no frame of ours is ever in a
    traceback."""

    def __init__(self, stock: Any, told: Any) -> None:
        self._stock = stock
        self._told = told

    def __get__(self, task: Any, owner: type | None = None) -> Any:
        if task is not None and getattr(task, "_log_traceback", False):  # it failed, and nobody has asked yet
            self._told(task)
        return self._stock.__get__(task, owner)
