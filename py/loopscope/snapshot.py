"""The interpreter's memory, kept by the build and given back to every visit: what happens before and after.

    build:  start ──▶ freeze() ──▶ memory ──▶ a file of the site
    visit:  an empty interpreter ◀── memory ──▶ thaw() ──▶ as if it had started here and now

What a start finds out about its machine and its moment is in that memory too; ``thaw`` finds it out anew. One thing it
can't: the seed of the hashes of strings. All tables in memory are in its order, so it is the build's, PYTHONHASHSEED=0.
"""

from __future__ import annotations

import ast
import gc
import importlib
import logging
import os
import pkgutil
import random
import sys
import time
from contextlib import suppress
from types import FunctionType
from typing import Any, Final

from . import accelerator

HAS_DOCSTRING: Final = 0x4000000  # of code, as CPython 3.13 and later have it

# What programs about asyncio import most, and what that imports: a first run finds it here. The rest of the library
# comes when it is asked for; every module here makes the first visit longer for everybody.
MODULES: Final = """
    abc asyncio bisect collections.abc concurrent.futures contextlib contextvars copy dataclasses datetime enum
    functools heapq inspect io itertools json logging math operator os queue random re select selectors signal socket
    string textwrap threading time traceback types typing warnings weakref
"""


# A compiled library can't be in a memory that is kept; the command line and its words, nobody has in a page.
ABSENT: Final = (accelerator.NAME, "loopscope.__main__", "loopscope.analysis.narration")


def freeze() -> None:
    """Import what a run needs; the interpreter's memory is written after this."""
    package = sys.modules["loopscope"]
    for found in pkgutil.walk_packages(package.__path__, "loopscope."):
        if found.name not in ABSENT:
            importlib.import_module(found.name)
    for name in MODULES.split():
        importlib.import_module(name)
    accelerator.library()
    # Its first use is dear: types for everything that a program can be made of.
    ast.parse("lock = Lock()")
    for name in sorted(sys.modules):
        if name.partition(".")[0] in ("pyodide", "_pyodide"):
            forget_docs(vars(sys.modules[name]), name)
    # What is there now stays: looking through it at every collection would find nothing.
    gc.collect()
    gc.freeze()


def forget_docs(members: dict[str, Any], module: str) -> None:
    """Leave out what is there to be read alone: Pyodide's own docstrings are some hundred kilobytes of a memory."""
    for member in list(members.values()):
        inner = getattr(member, "__func__", None) or getattr(member, "fget", None) or member
        if isinstance(inner, FunctionType) and inner.__doc__ and inner.__module__ == module:
            inner.__doc__ = None
            code = inner.__code__
            if code.co_flags & HAS_DOCSTRING:
                consts = (None, *code.co_consts[1:])
                inner.__code__ = code.replace(co_consts=consts, co_flags=code.co_flags & ~HAS_DOCSTRING)
        elif isinstance(inner, type) and inner.__module__ == module:
            with suppress(AttributeError, TypeError):
                inner.__doc__ = None
            forget_docs(dict(vars(inner)), module)


def thaw(language: str) -> None:
    """Bring up to date what the memory says about where and when the interpreter started.

    ``language`` is the browser's, as in ``en-GB``.
    """
    sys.path[:] = dict.fromkeys(sys.path)  # Pyodide puts "" in front whenever it starts
    for path in list(sys.path_importer_cache):
        if not path.endswith(".zip"):  # the folders are new ones
            del sys.path_importer_cache[path]
    set_language(language)
    _set_time_zone()
    setattr(logging, "_startTime", time.time_ns())  # noqa: B010
    random.seed()


def set_language(language: str) -> None:
    """Tell programs the browser's language, as Pyodide does."""
    os.environ["LANG"] = language.replace("-", "_") + ".UTF-8"


def _set_time_zone() -> None:
    """What ``time`` says of the time zone, as its ``tzset`` would, which isn't there."""
    year = time.localtime().tm_year
    january, july = (time.localtime(time.mktime((year, month, 1, 0, 0, 0, 0, 0, -1))) for month in (1, 7))
    winter, summer = sorted((january, july), key=lambda moment: moment.tm_gmtoff)
    time.timezone, time.altzone = -winter.tm_gmtoff, -summer.tm_gmtoff
    time.daylight = int(winter.tm_gmtoff != summer.tm_gmtoff)
    time.tzname = winter.tm_zone, summer.tm_zone
