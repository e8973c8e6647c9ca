"""Run the user's program as CPython runs a file: ``__main__``, its streams, its tracebacks, its exit code."""

from __future__ import annotations

import ast
import asyncio
import atexit
import gc
import inspect
import io
import linecache
import signal
import sys
import traceback
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

from .places import is_library
from .protocol import LEAST, MOST, How

FILENAME: Final = "main.py"
# Characters of an exception's name, of its message and of its traceback that are told.
NAME, MESSAGE, TRACEBACK = 200, 10_000, 100_000


@dataclass(frozen=True)
class Problem:
    """How a program failed. Lines from 1, columns in characters from 0; None where unknown."""

    type: str
    message: str
    text: str
    line: int | None = None
    column: int | None = None
    end_column: int | None = None


@dataclass(frozen=True)
class Exit:
    """How a program ended."""

    how: How  # FINISHED, FAILED or STOPPED
    code: int
    problem: Problem | None = None


class _Raw(io.RawIOBase):
    """The bytes below a text stream; each write is told at once."""

    def __init__(self, name: str, fd: int, write: Callable[[str], None]) -> None:
        self.name = name
        self._fd = fd
        self._write = write

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return self._fd

    def write(self, data: Any) -> int:
        raw = bytes(data)
        if raw:
            self._write(raw.decode("utf-8", "backslashreplace"))
        return len(raw)


def text_stream(name: str, fd: int, write: Callable[[str], None]) -> io.TextIOWrapper:
    """A stream like ``sys.stdout`` that calls ``write`` with every piece of text, unbuffered."""
    raw: Any = _Raw(name, fd, write)
    errors = "backslashreplace" if fd == 2 else "strict"
    stream = io.TextIOWrapper(raw, encoding="utf-8", errors=errors, newline="\n", write_through=True)
    stream.mode = "w"  # type: ignore[misc]
    return stream


class _Input(io.TextIOBase):
    """``sys.stdin`` on a function that returns a line, or "" at the end of input."""

    name = "<stdin>"
    encoding = "utf-8"
    errors = "strict"
    mode = "r"

    def __init__(self, read_line: Callable[[], str]) -> None:
        self._read_line = read_line
        self._rest = ""

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 0

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        text = self._rest or self._read_line()
        end = len(text) if size is None or size < 0 else size
        self._rest = text[end:]
        return text[:end]

    def read(self, size: int | None = -1, /) -> str:
        if size is not None and size >= 0:
            return self.readline(size)
        parts = []
        while part := self.readline():
            parts.append(part)
        return "".join(parts)


@contextmanager
def _streams(output: Callable[[How, str], None], read_line: Callable[[], str]) -> Iterator[None]:
    saved = sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__
    saved_input = sys.stdin, sys.__stdin__
    stdin: Any = _Input(read_line)
    sys.stdin = sys.__stdin__ = stdin  # type: ignore[misc]
    sys.stdout = text_stream("<stdout>", 1, lambda text: output(How.STDOUT, text))
    sys.stderr = text_stream("<stderr>", 2, lambda text: output(How.STDERR, text))
    sys.__stdout__, sys.__stderr__ = sys.stdout, sys.stderr  # type: ignore[misc]
    try:
        yield
    finally:
        sys.stdout, sys.stderr = saved[:2]
        sys.__stdout__, sys.__stderr__ = saved[2:]  # type: ignore[misc]
        sys.stdin, sys.__stdin__ = saved_input  # type: ignore[misc]


def compile_program(source: str, filename: str = FILENAME) -> types.CodeType:
    """The program's code; with top-level ``await`` where only that makes it valid. Raises SyntaxError, ValueError."""
    try:
        return compile(source, filename, "exec", dont_inherit=True)
    except SyntaxError:
        try:
            code: Any = compile(source, filename, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        except SyntaxError:
            code = None
        if code is None or not code.co_flags & inspect.CO_COROUTINE:
            raise
        return cast(types.CodeType, code)


def run_program(
    source: str,
    output: Callable[[How, str], None],
    argv: tuple[str, ...] = (),
    read_line: Callable[[], str] = lambda: "",
) -> Exit:
    """Run ``source`` to its end. Never raises: how it ended is the result; tracebacks go to its stderr.

    ``output`` gets what it writes, ``read_line`` gives what it reads: a line with its end, or "" for no more.
    """
    source = source.removeprefix("\ufeff")  # the byte order mark that some editors begin a file with
    main = types.ModuleType("__main__")
    main.__file__ = FILENAME
    main.__dict__["__builtins__"] = __builtins__
    # Lines as the compiler counts them, which a form feed or a Unicode separator ends none of.
    lines = io.StringIO(source, newline=None).readlines()
    linecache.cache[FILENAME] = (len(source), None, lines, FILENAME)
    saved_main, saved_argv = sys.modules.get("__main__"), sys.argv
    saved_hooks = sys.excepthook, sys.unraisablehook
    sys.excepthook, sys.unraisablehook = sys.__excepthook__, _tell_ignored
    sys.modules["__main__"] = main
    sys.argv = [FILENAME, *argv]
    try:
        with _streams(output, read_line):
            try:
                before = signal.signal(signal.SIGINT, signal.default_int_handler)
            except ValueError:
                return _run(source, main)  # not the main thread: nobody can press Ctrl+C there
            try:
                if isinstance(before, Early) and before.pressed:
                    return Exit(How.STOPPED, 130)
                return _run(source, main)
            except KeyboardInterrupt:
                return Exit(How.STOPPED, 130)  # it came while the end was being told
            finally:
                on_interrupt(before)
    finally:
        sys.argv = saved_argv
        sys.excepthook, sys.unraisablehook = saved_hooks
        if saved_main is not None:
            sys.modules["__main__"] = saved_main


class Early:
    """What handles SIGINT while a run is made ready: the program stops before its first line.

    Nothing of ours is left half made. After the program's end it does nothing.
    """

    pressed = False

    def __call__(self, signum: int, frame: Any) -> None:
        self.pressed = True


def on_interrupt(handler: Any) -> None:
    """``handler`` handles SIGINT from now on; what came before is no business of who runs the program."""
    while True:
        try:
            signal.signal(signal.SIGINT, handler)  # raises what is pending, and does nothing then
            return
        except KeyboardInterrupt:
            pass


def _run(source: str, main: types.ModuleType) -> Exit:
    with _exit_functions() as run_them:
        end = _attempt(lambda: _execute(source, main))
        # What CPython does after the last line: exit functions, then the namespace goes, and with it what was
        # forgotten: coroutines never awaited and tasks destroyed pending say so now.
        late = _attempt(run_them)
    _attempt(main.__dict__.clear)
    _attempt(lambda: gc.collect() and None)
    return end if end.how is not How.FINISHED else late if late.how is not How.FINISHED else end


@contextmanager
def _exit_functions() -> Iterator[Callable[[], None]]:
    """Gives what runs the program's exit functions, and nobody else's."""
    if sys.platform == "emscripten":
        yield atexit._run_exitfuncs  # the interpreter is the program's own
        return
    kept: list[tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]] = []
    register, unregister = atexit.register, atexit.unregister

    def registers(function: Any, /, *args: Any, **options: Any) -> Any:
        kept.append((function, args, options))
        return function

    def unregisters(function: Any, /) -> None:
        kept[:] = [entry for entry in kept if entry[0] != function]

    def run() -> None:
        while kept:
            function, args, options = kept.pop()
            try:
                function(*args, **options)
            except KeyboardInterrupt:
                raise
            except BaseException:
                print(f"Exception ignored in atexit callback {function!r}:", file=sys.stderr)
                traceback.print_exc()

    atexit.register, atexit.unregister = registers, unregisters
    try:
        yield run
    finally:
        atexit.register, atexit.unregister = register, unregister


def _execute(source: str, main: types.ModuleType) -> None:
    code = compile_program(source)
    if code.co_flags & inspect.CO_COROUTINE:
        coroutine = types.FunctionType(code, main.__dict__)()
        asyncio.run(coroutine)
    else:
        exec(code, main.__dict__)


def _attempt(act: Callable[[], object]) -> Exit:
    try:
        act()
    except SystemExit as stop:
        return Exit(How.FINISHED, _exit_code(stop))
    except KeyboardInterrupt as error:
        return Exit(How.STOPPED, 130, _tell(error))
    except BaseException as error:
        if sys.platform == "emscripten":
            _explain(error)
        return Exit(How.FAILED, 1, _tell(error))
    return Exit(How.FINISHED, 0)


@contextmanager
def _whatever_it_raises() -> Iterator[None]:
    """For what the program's objects do when they are asked about: it may fail, and ends nothing. Stop still does."""
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException:
        pass


def _exit_code(stop: SystemExit) -> int:
    with _whatever_it_raises():
        asked: object = stop.code
        if asked is None:
            return 0
        if issubclass(type(asked), int):
            code = int.__int__(cast(int, asked))  # a subclass may compare as it likes
            # What is no exit code for CPython is none here.
            return code if LEAST <= code <= MOST else -1
        print(asked, file=sys.stderr)
    return 1


# What a browser lacks: how its exceptions begin, and what to do instead.
LACKS: Final = (
    ("MemoryError", "A program has 1 GB of memory here."),
    (
        "RuntimeError: can't start new thread",
        "A browser gives Python one thread. asyncio.to_thread works: it runs its job in a later turn of the loop.",
    ),
    (
        "ModuleNotFoundError: No module named '_multiprocessing'",
        "A browser gives Python no processes. asyncio.to_thread runs a job in a later turn of the loop.",
    ),
)


def _explain(error: BaseException) -> None:
    """Say what the browser lacks, where that is why the program failed."""
    with _whatever_it_raises():
        told = f"{type(error).__name__}: {error}"
        for begin, words in LACKS:
            if told.startswith(begin):
                error.add_note(words)


def _tell(error: BaseException) -> Problem:
    """Print the traceback to the program's stderr; the structured form of it."""
    text = "An exception that can't be shown.\n"
    problem = Problem("Exception", text.strip(), text)
    with _whatever_it_raises():  # when its classes are asked for their name
        problem = problem_of(error)
    with _whatever_it_raises():  # what the program's own hook fails to tell is told as usual
        hook = sys.excepthook
        if hook is not sys.__excepthook__:
            hook(type(error), error, error.__traceback__)
            return problem
    with _whatever_it_raises():  # it may have closed or replaced it
        sys.stderr.write(problem.text)
    return problem


def _tell_ignored(ignored: Any) -> None:
    """``sys.unraisablehook``: what CPython prints, which looks for a source line in a file, and there is none here."""
    with _whatever_it_raises():
        head = ignored.err_msg or "Exception ignored in"
        try:
            about = "" if ignored.object is None else f" {ignored.object!r}"
        except Exception:
            about = " <object repr() failed>"
        told = traceback.TracebackException(
            ignored.exc_type, ignored.exc_value, ignored.exc_traceback, compact=True
        )
        told.__cause__ = told.__context__ = None
        _own_lines(told, set())
        sys.stderr.write(f"{head}:{about}\n{_bounded(''.join(told.format()))}")


def problem_of(error: BaseException) -> Problem:
    """An exception as the page shows it: the program's own lines only, as CPython prints them."""
    if isinstance(error, SyntaxError) and error.filename == FILENAME and not error.text and error.lineno:
        # Of what only the compiler finds, CPython reads the line from the file.
        error.text = linecache.getline(FILENAME, error.lineno) or None
    told = traceback.TracebackException.from_exception(error, compact=True)
    _own_lines(told, set())
    text = "".join(told.format())
    line = column = end_column = None
    if isinstance(error, SyntaxError) and error.filename == FILENAME:
        line = error.lineno
        column = error.offset - 1 if error.offset else None
        end_column = error.end_offset - 1 if error.end_offset and error.end_lineno == error.lineno else None
    else:
        for frame in told.stack:  # the innermost of the program's lines
            line = frame.lineno
            same = frame.end_lineno == frame.lineno
            column, end_column = (frame.colno, frame.end_colno) if same else (None, None)
    # A syntax error's line comes before what it says; notes come after it.
    message = error.msg if isinstance(error, SyntaxError) else next(told.format_exception_only(), "").rstrip()
    kind = type(error).__name__
    return Problem(
        kind[:NAME], message.removeprefix(f"{kind}: ")[:MESSAGE], _bounded(text), line, column, end_column
    )


def _bounded(text: str) -> str:
    """A traceback's begin and end: what is between them is told nowhere."""
    if len(text) <= TRACEBACK:
        return text
    half = TRACEBACK // 2
    return f"{text[:half]}\n[{len(text) - 2 * half:,} characters are left out]\n{text[-half:]}"


def _own_lines(told: traceback.TracebackException, seen: set[int]) -> None:
    if id(told) in seen:
        return
    seen.add(id(told))
    told.stack[:] = [frame for frame in told.stack if not is_library(frame.filename)]
    for other in (told.__cause__, told.__context__, *(getattr(told, "exceptions", None) or ())):
        if other is not None:
            _own_lines(other, seen)
