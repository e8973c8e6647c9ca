"""How programs run and end, and what is said about it."""

from __future__ import annotations

import atexit
import signal
import textwrap

import pytest
from engines import trace_of
from loopscope.analysis.trace import Trace
from loopscope.program import Early, Exit, run_program
from loopscope.protocol import How, Kind
from loopscope.session import Session


def run(source: str) -> tuple[Exit, str, str]:
    out: dict[How, str] = {How.STDOUT: "", How.STDERR: ""}

    def output(how: How, text: str) -> None:
        out[how] += text

    end = run_program(textwrap.dedent(source), output)
    return end, out[How.STDOUT], out[How.STDERR]


def test_a_program_is_main() -> None:
    end, out, err = run("""
        import sys, __main__
        if __name__ == "__main__":
            print(sys.argv, __file__, __main__.x if hasattr(__main__, "x") else "no x")
    """)
    assert (end.how, end.code, out, err) == (How.FINISHED, 0, "['main.py'] main.py no x\n", "")


@pytest.mark.parametrize(
    ("call", "code", "err"), [("sys.exit(3)", 3, ""), ("sys.exit()", 0, ""), ("sys.exit('why')", 1, "why\n")]
)
def test_exit_codes(call: str, code: int, err: str) -> None:
    end, _, said = run(f"import sys; {call}")
    assert (end.how, end.code, said) == (How.FINISHED, code, err)


def test_a_byte_order_mark_is_no_part_of_a_program() -> None:
    end, out, err = run("\ufeffprint('marked')")
    assert (end.how, out, err) == (How.FINISHED, "marked\n", "")


def test_top_level_await() -> None:
    end, out, _ = run("import asyncio\nprint(await asyncio.sleep(0, 'slept'))")
    assert (end.how, out) == (How.FINISHED, "slept\n")


def test_streams_are_unbuffered_text_streams() -> None:
    writes: list[str] = []
    run_program(
        "import sys\nprint('a', end='')\nsys.stdout.write('b')\nsys.stdout.buffer.write('é'.encode())\n"
        "print(sys.stdout.encoding, sys.stdout.isatty(), sys.stdout.fileno(), sys.stderr.fileno())",
        lambda how, text: writes.append(text),
    )
    assert writes[:3] == ["a", "b", "é"]
    assert "".join(writes[3:]) == "utf-8 False 1 2\n"


def test_a_traceback_shows_the_programs_lines_only() -> None:
    end, _, err = run("""\
        import asyncio
        async def main():
            await asyncio.wait_for(asyncio.sleep(0, 1 / 0), 1)
        asyncio.run(main())
    """)
    assert end.how is How.FAILED
    assert end.problem is not None
    assert (end.problem.type, end.problem.message, end.problem.line) == (
        "ZeroDivisionError",
        "division by zero",
        3,
    )
    assert err == end.problem.text
    assert err.count('File "') == 2
    assert "asyncio/" not in err
    assert err.endswith("ZeroDivisionError: division by zero\n")


def test_a_syntax_error_is_placed() -> None:
    end, _, err = run("x = 1\ny = (2\n")
    assert end.problem is not None
    assert (end.how, end.problem.type, end.problem.line, end.problem.column) == (
        How.FAILED,
        "SyntaxError",
        2,
        4,
    )
    assert "'(' was never closed" in err


def test_exception_groups_causes_and_cycles_are_told() -> None:
    end, _, err = run("""\
        try:
            raise KeyError("inner")
        except KeyError as inner:
            group = ExceptionGroup("many", [ValueError("one"), inner])
            raise group from inner
    """)
    assert end.problem is not None
    assert end.problem.type == "ExceptionGroup"
    assert "direct cause" in err
    assert "ValueError: one" in err


def test_what_was_forgotten_is_said_at_the_end() -> None:
    trace = trace_of("async def f(): pass\nkept = f()\n", "pyodide")
    texts = [trace.text(row.aux) for row in trace.rows if row.kind is Kind.OUTPUT and row.how is How.STDERR]
    assert "coroutine 'f' was never awaited" in "".join(texts)


def test_exit_functions_run() -> None:
    _, out, _ = run("import atexit\natexit.register(print, 'bye')\nprint('hello')")
    assert out == "hello\nbye\n"


def test_exit_functions_run_last_first_without_those_taken_back_and_whatever_the_others_do() -> None:
    _, out, err = run("""
        import atexit, sys
        atexit.register(print, "second")
        atexit.register(sys.exit, 3)
        atexit.register(print, "first", end="; ")
        atexit.register(input)
        atexit.unregister(input)
    """)
    assert out == "first; second\n"
    assert err.startswith("Exception ignored in atexit callback <built-in function exit>:\nTraceback")


def test_exit_functions_of_who_records_a_program_are_not_its_own() -> None:
    called: list[str] = []
    stay = called.append
    atexit.register(stay, "the recorder's")
    try:
        before = atexit._ncallbacks()
        run("import atexit; atexit.register(print, 'bye')")
        assert (called, atexit._ncallbacks()) == ([], before)
    finally:
        atexit.unregister(stay)


@pytest.mark.parametrize("source", ["\0", "x = '\ud800'", "a" * 5 + "\n" + "(" * 300])
def test_what_cannot_be_compiled_is_told(source: str) -> None:
    end, _, err = run(source)
    assert end.how is How.FAILED
    assert end.problem is not None
    assert err


def test_a_program_that_closes_its_streams_ends_well() -> None:
    end, _, _ = run("import sys\nsys.stderr.close()\n1 / 0")
    assert end.how is How.FAILED


def test_an_interrupt_while_the_end_is_told_is_no_harm() -> None:
    def output(how: How, text: str) -> None:
        signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    assert run_program("raise KeyboardInterrupt", output).how is How.STOPPED
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("times", [1, 3])
def test_stop_pressed_while_a_run_is_made_ready_keeps_it_from_its_first_line(times: int) -> None:
    before = signal.signal(signal.SIGINT, Early())
    try:
        for _ in range(times):
            signal.raise_signal(signal.SIGINT)
        frames: list[bytes] = []
        end = Session(frames.append).run("print('began')")
        signal.raise_signal(signal.SIGINT)  # and what comes after its end hits nobody
    finally:
        signal.signal(signal.SIGINT, before)
    trace = Trace.read(b"".join(frames))
    assert end.how is How.STOPPED
    assert [row.kind for row in trace.rows] == [Kind.EXIT]


def test_a_run_after_one_that_was_not_stopped_runs() -> None:
    before = signal.signal(signal.SIGINT, Early())
    try:
        end, out, _ = run("print('began')")
    finally:
        signal.signal(signal.SIGINT, before)
    assert (end.how, out) == (How.FINISHED, "began\n")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("error = ValueError('what it says'); error.add_note('a note'); raise error", "what it says"),
        ("raise ValueError('first\\nsecond')", "first\nsecond"),
        ("def f(:\n    pass", "invalid syntax"),
        ("raise ExceptionGroup('several', [ValueError(1)])", "several (1 sub-exception)"),
    ],
)
def test_the_message_of_an_exception_is_what_it_says(source: str, message: str) -> None:
    problem = run(source)[0].problem
    assert problem is not None
    assert problem.message == message


def test_what_only_the_compiler_finds_is_shown_with_its_line() -> None:
    said = run("import asyncio\ndef main():\n    await asyncio.sleep(1)\n")[2]
    assert "line 3\n    await asyncio.sleep(1)\n    ^^^^" in said


def test_a_job_has_a_context_of_its_own_as_in_a_thread() -> None:
    trace = trace_of(
        textwrap.dedent("""\
            import asyncio, contextvars
            user = contextvars.ContextVar("user", default="nobody")
            async def main():
                user.set("ada")
                print(await asyncio.to_thread(user.get))
                print(await asyncio.get_running_loop().run_in_executor(None, user.get))
            asyncio.run(main())
        """)
    )
    assert [trace.text(row.aux) for row in trace.rows if row.kind == Kind.OUTPUT] == ["ada\n", "nobody\n"]


def test_a_programs_own_excepthook_tells_its_exception() -> None:
    end, out, err = run("""
        import sys
        sys.excepthook = lambda kind, error, trace: print("HOOK", kind.__name__, error)
        raise ValueError("no")
    """)
    assert (end.how, out, err) == (How.FAILED, "HOOK ValueError no\n", "")


def test_an_excepthook_that_fails_hides_nothing() -> None:
    err = run("import sys\nsys.excepthook = lambda: None\nraise ValueError('no')")[2]
    assert err.endswith("ValueError: no\n")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("sys.stderr.close(); sys.exit('bye')", 1),
        ("sys.exit(Silent())", 1),
        ("sys.exit(Leaving())", 1),
        ("sys.exit(Number(3))", 3),
        ("class Stop(SystemExit): code = property(lambda self: 1 / 0)\nraise Stop", 1),
    ],
)
def test_an_exit_with_what_cannot_be_told_is_an_exit(source: str, code: int) -> None:
    classes = """
import sys
class Silent:
    def __str__(self): raise ValueError("not said")
class Leaving:
    def __str__(self): raise SystemExit(7)
class Number(int):
    def __bool__(self): raise ValueError("neither")
    def __le__(self, other): raise ValueError("not comparable")
    __ge__ = __le__
"""
    assert run(classes + source)[0] == Exit(How.FINISHED, code)


@pytest.mark.parametrize("raised", ["ValueError", "SystemExit", "GeneratorExit"])
def test_an_exception_that_cannot_be_asked_what_it_is_ends_a_program_as_others(
    raised: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "emscripten")  # where what a browser lacks is looked for
    end, _, err = run(f"class E(Exception):\n    def __str__(self): raise {raised}\nraise E")
    assert (end.how, end.problem is not None) == (How.FAILED, True)
    assert "line 3" in err


@pytest.mark.parametrize("mark", ["\f", "\u2028", "\x1c", "\x1d", "\x1e", "\x85", "\v"])
def test_lines_of_tracebacks_are_the_compilers(mark: str) -> None:
    err = run(f"# a{mark}comment\r\nx = '{mark}'\rraise ValueError\n")[2]
    assert "line 3, in <module>\n    raise ValueError\n" in err


def test_what_fails_where_nobody_can_hear_it_is_told_with_its_line() -> None:
    end, _, err = run("""
        class Gone:
            def __repr__(self): raise ValueError
            def __del__(self):
                raise ValueError("in del")
        def f():
            Gone()
        f()
        import gc
    """)
    assert end == Exit(How.FINISHED, 0)
    head, *rest = err.splitlines()
    assert head.startswith("Exception ignored ")
    assert rest == [
        "Traceback (most recent call last):",
        '  File "main.py", line 5, in __del__',
        '    raise ValueError("in del")',
        "ValueError: in del",
    ]


DEBUG = """
import asyncio, time
class Odd(Exception): pass
async def never(): pass
async def main():
    loop = asyncio.get_running_loop()
    never()
    task = asyncio.create_task(asyncio.sleep(0))
    direct = asyncio.Task(asyncio.sleep(0), loop=loop)
    handles = [loop.call_soon(int), loop.call_later(0, int), loop.call_at(0, int), loop.call_soon_threadsafe(int)]
    for each in (task, direct, *handles):
        print(each._source_traceback[-1].name)
    loop.call_soon(lambda: 1 / 0)
    lost = loop.create_future()
    lost.set_exception(Odd())
    del lost
    time.sleep(1)
    await asyncio.sleep(0)
asyncio.run(main(), debug=True)
"""


def test_debug_mode_shows_no_frame_of_ours() -> None:
    trace = trace_of(DEBUG, "pyodide")
    err = "".join(
        trace.text(row.aux) for row in trace.rows if row.kind == Kind.OUTPUT and row.how == How.STDERR
    )
    out = [
        trace.text(row.aux).strip() for row in trace.rows if row.kind == Kind.OUTPUT and row.how == How.STDOUT
    ]
    assert "loopscope" not in err.replace("ParkingSelector", "")
    for said in ("'never' was never awaited", "Coroutine created at", "ZeroDivisionError", "took 1.0", "Odd"):
        assert said in err
    assert out == ["create_task", *["main"] * 5]


def test_a_coroutine_that_the_programs_end_drops_is_told_of_no_line() -> None:
    trace = trace_of("async def f(): pass\nkept = f()\n", "pyodide")
    [said] = [trace.text(row.aux) for row in trace.rows if row.kind == Kind.OUTPUT]
    assert said.startswith("sys:1: RuntimeWarning: coroutine 'f' was never awaited\n")
