"""What an await chain is made of: coroutines, and what hides one. And which frames of a stack are ours."""

from __future__ import annotations

import gc
from pathlib import Path
from types import AsyncGeneratorType, CodeType, CoroutineType, GeneratorType
from typing import Any, Final


def _hiding() -> tuple[type, ...]:
    """Private types that stand between an `await` and the frame that really waits."""

    async def numbers() -> Any:
        yield 1

    async def nothing() -> None:
        pass

    coroutine = nothing()
    generator: Any = numbers()
    made: tuple[Any, ...] = (
        generator.asend(None),
        generator.athrow(StopAsyncIteration),
        coroutine.__await__(),
        anext(generator, None),
    )
    for each in made:
        each.close()  # or the interpreter warns that it was never awaited
    return tuple(map(type, made))


_HIDING: Final = _hiding()
HERE: Final = str(Path(__file__).parent)


def is_of_ours(filename: str) -> bool:
    """Whether code of this file is Loopscope's."""
    return filename.startswith(HERE)


def not_of_ours(stack: list[Any]) -> None:
    """Take what is Loopscope's out of a summary of a stack: CPython would have no such frames."""
    stack[:] = [frame for frame in stack if not is_of_ours(frame.filename)]


def parts(awaited: Any) -> tuple[CodeType, Any, Any] | None:
    """Code, frame and what is awaited inside, of what an await chain is made of; None at its end.

    An asynchronous generator does not stand in the chain itself, only the step of it that was asked for: that one
    knows its generator, and tells nobody but the garbage collector.
    """
    for _ in range(3):
        if type(awaited) in _HIDING:
            awaited = next((one for one in gc.get_referents(awaited) if may_hide(one)), None)
    if type(awaited) is CoroutineType:
        return awaited.cr_code, awaited.cr_frame, awaited.cr_await
    if type(awaited) is AsyncGeneratorType:
        return awaited.ag_code, awaited.ag_frame, awaited.ag_await
    if type(awaited) is GeneratorType:
        return awaited.gi_code, awaited.gi_frame, awaited.gi_yieldfrom
    return None


def may_hide(one: object) -> bool:
    """Whether ``parts`` may find something in it: its type alone tells."""
    return type(one) in (*_HIDING, CoroutineType, AsyncGeneratorType, GeneratorType)
