"""What one run may tell is bounded: a program of a stranger's must not fill the page's memory."""

from __future__ import annotations

import base64

import pytest
from engines import run_in_pyodide
from loopscope import record, tracer
from loopscope.program import MESSAGE, NAME, TRACEBACK
from loopscope.protocol import How, Kind, unpack_frames


def texts(data: bytes) -> list[str]:
    """Every text of the tables of names."""
    return [
        text
        for meta, _ in unpack_frames(data)
        for text in [
            *(text for number, text in meta.get("strings", []) if number > 0),
            *(part for code in meta.get("codes", []) for part in code[1:3]),
        ]
    ]


def test_a_name_of_ten_million_characters_is_cut() -> None:
    data, end = record(
        "import asyncio\n"
        "name = 'n' * 10_000_000\n"
        "async def main():\n"
        "    asyncio.get_running_loop().call_soon(callback)\n"
        "    await asyncio.create_task(asyncio.sleep(0), name=name)\n"
        "    asyncio.current_task().cancel(name)\n"
        "    await asyncio.sleep(0)\n"
        "def callback(): pass\n"
        "callback.__qualname__ = name\n"
        "code = compile('async def inner(): await asyncio.sleep(0)', name, 'exec')\n"
        "exec(code)\n"
        "inner.__code__ = inner.__code__.replace(co_name=name, co_qualname=name)\n"
        "asyncio.run(inner())\n"
        "try: asyncio.run(main())\n"
        "except BaseException: pass\n"
    )
    assert end.how is How.FINISHED
    assert len(data) < 100_000
    assert max(map(len, texts(data))) <= tracer.NAME + 1


def test_all_names_together_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracer, "NAMES", 5_000)
    data, _ = record(
        "import asyncio\n"
        "async def main():\n"
        "    await asyncio.gather(*(asyncio.create_task(asyncio.sleep(0), name=f'{n:0400}') for n in range(99)))\n"
        "asyncio.run(main())\n"
    )
    assert sum(map(len, texts(data))) < 10_000
    # Nothing is lost but names.
    rows = [row for _, rows in unpack_frames(data) for row in rows]
    assert len([row for row in rows if row.kind is Kind.TASK]) > 99


def test_a_long_traceback_keeps_its_begin_and_its_end() -> None:
    _, end = record("raise type('E' * 1000, (Exception,), {'__module__': 'm'})('x' * 1_000_000)")
    assert end.problem
    assert len(end.problem.type) == NAME
    assert len(end.problem.message) <= MESSAGE
    assert TRACEBACK < len(end.problem.text) < TRACEBACK + 100
    assert end.problem.text.startswith("Traceback (most recent call last):")
    assert "characters are left out]" in end.problem.text


def test_an_exception_that_cannot_be_shown_ends_the_program_all_the_same() -> None:
    _, end = record(
        "class Sly(Exception):\n"
        "    __module__ = property(lambda self: 1 / 0)\n"
        "    def __str__(self): raise ValueError('no')\n"
        "raise Sly\n"
    )
    assert end.how is How.FAILED
    assert end.problem
    assert end.problem.text


# Numbers that fit in no column, and what is none.
NUMBERS = """\
import asyncio, sys
async def main():
    queue = asyncio.Queue(maxsize=10**30)
    await queue.put(1)
    await queue.get()
    semaphores = [asyncio.Semaphore(value) for value in (10**30, float("inf"), float("nan"), 2.5)]
    for semaphore in semaphores:
        async with semaphore:
            pass
    asyncio.Barrier(10**30)
    asyncio.Semaphore(0)._value = -10**30
    asyncio.Queue(maxsize=float("inf"))
    print([semaphore._value for semaphore in semaphores])
asyncio.run(main())
sys.exit(10**30)
"""
PRINTED = "[1000000000000000000000000000000, inf, nan, 2.5]\n"
MOST = 2**31 - 1


def check_numbers(data: bytes) -> None:
    frames = list(unpack_frames(data))
    rows = [row for _, rows in frames for row in rows]
    assert [meta["problem"] for meta, _ in frames if "problem" in meta] == []
    printed = "".join(text for meta, _ in frames for number, text in meta.get("strings", []) if number < 0)
    assert printed == PRINTED
    objects = [one for meta, _ in frames for one in meta.get("objects", [])]
    bounds = [(one[1], one[4]) for one in objects if one[1] in ("Queue", "Semaphore", "Barrier")]
    assert bounds == [
        ("Queue", MOST),
        *(("Semaphore", value) for value in (MOST, MOST, 0, 2)),
        ("Barrier", MOST),
        ("Semaphore", 0),
        ("Queue", MOST),
    ]
    states = {
        one[0]: [row.aux for row in rows if row.kind is Kind.STATE and row.subject == one[0]]
        for one in objects
    }
    of = [states[one[0]] for one in objects if one[1] == "Semaphore"]
    assert of == [[MOST] * 3, [MOST] * 3, [0] * 3, [2, 1, 2], [0, -MOST - 1]]
    assert (rows[-1].kind, rows[-1].how, rows[-1].aux) == (Kind.EXIT, How.FINISHED, -1)


def test_numbers_beyond_all_are_cut_and_break_nothing() -> None:
    data, end = record(NUMBERS)
    assert (end.how, end.code) == (How.FINISHED, -1)
    check_numbers(data)


def test_numbers_beyond_all_are_cut_in_the_compiled_form_too() -> None:
    code = f"import base64, loopscope\nresult = base64.b64encode(loopscope.record({NUMBERS!r})[0]).decode()"
    answer = run_in_pyodide([code])[0]
    assert isinstance(answer, str)
    check_numbers(base64.b64decode(answer))
