"""Loads the compiled form of the hot path, ``_hot.so`` (its source: py/hot), where it fits: CPython 3.14 in Pyodide.

Everything works without it, and does the same. It makes a traced step several times faster.
"""

from __future__ import annotations

import asyncio
import functools
import importlib.machinery
import importlib.util
import pkgutil
import sys
import tempfile
import types
from asyncio import events
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

NAME: Final = "loopscope._hot"
switched_off = False  # set before the first loop is made: the Python form runs


def load() -> Any:
    """The compiled module, or None where Python has to do."""
    return None if switched_off else _load()


def serving(probe: Any) -> Any:
    """The compiled module if it can serve loops that ``probe`` observes, or None."""
    hot = load()
    return hot if hot is not None and (probe is None or isinstance(probe, hot.Core)) else None


@functools.cache
def library() -> bytes | None:
    """The library's bytes. Once asked for they are kept: the package's archive may be out of reach later."""
    try:
        return pkgutil.get_data("loopscope", "_hot.so")
    except OSError:
        return None


@functools.cache
def _load() -> Any:
    platform, version = str(sys.platform), tuple(sys.version_info[:2])
    if platform != "emscripten" or version != (3, 14):
        return None
    binary = library()
    if not binary:
        return None
    # A library is loaded from a file, and the package may lie in an archive.
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "_hot.so"
        file.write_bytes(binary)
        loader = importlib.machinery.ExtensionFileLoader(NAME, str(file))
        spec = importlib.util.spec_from_loader(NAME, loader)
        assert spec is not None
        try:
            hot = importlib.util.module_from_spec(spec)
            loader.exec_module(hot)
            _set_up(hot)
        except (ImportError, TypeError):  # built for another Python
            return None
    return hot


def _set_up(hot: Any) -> None:
    """Give it what its handles are made of. Raises TypeError where this Python's structures are not those it knows."""
    from . import handles

    @types.coroutine
    def suspend() -> Iterator[None]:
        yield

    async def inner(first: Any) -> None:
        await suspend()

    async def middle(first: Any) -> None:
        await inner(first)

    async def outer(first: Any) -> None:
        await middle(first)

    coro = outer(outer)
    coro.send(None)
    hot.check(coro)
    coro.close()
    run: Any = events.Handle._run
    lines = [line for _, _, line in run.__code__.co_lines() if line]
    words = (
        handles.CALLBACK,
        handles.SUSPENDED,
        handles.YIELDED,
        handles.FAILED,
        handles.INTERRUPTED,
        handles.STATE,
    )
    hot.setup(
        events.Handle,
        handles.StepWrapper,
        asyncio.Future,
        handles.report,
        handles.step_task,
        run.__code__.co_filename,
        lines[2],
        words,
        deque.append,
    )
