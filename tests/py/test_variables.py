"""Local variables of suspended tasks: what is shown of a value, when they are told, and that nobody notices."""

from __future__ import annotations

import base64
import json
import re
import textwrap
from typing import Any

import pytest
from engines import ENGINES, run_in_pyodide
from loopscope.analysis.trace import Trace
from loopscope.protocol import How, Kind, unpack_frames
from loopscope.session import Session
from loopscope.variables import shown

JOB = """\
import base64
from loopscope.session import Session
frames = []
Session(frames.append, cpu=lambda: 0.0, variables={variables}).run({source!r})
result = base64.b64encode(b"".join(frames)).decode()
"""


def record(source: str, engine: str = "native", variables: bool = True) -> bytes:
    if engine == "pyodide":
        answer = run_in_pyodide([JOB.format(source=source, variables=variables)])[0]
        assert isinstance(answer, str)
        return base64.b64decode(answer)
    frames: list[bytes] = []
    Session(frames.append, cpu=lambda: 0.0, variables=variables).run(source)
    return b"".join(frames)


def told(data: bytes) -> list[tuple[str, str, list[Any]]]:
    """Of each time: the task's coroutine, what its step awaited then, and the frames."""
    trace = Trace.read(data)
    found = []
    for meta, _ in unpack_frames(data):
        text = re.sub(
            r"Task-\d+", "Task-n", json.dumps(meta.get("locals", ()))
        )  # numbers go on from the run before
        for event, task, frames in json.loads(text):
            row = trace.rows[event]
            assert (row.kind, row.subject) == (Kind.STEP, task), "not the task's own step"
            found.append((trace.tasks[task].coroutine, trace.awaited(row), frames))
    return found


PROGRAM = textwrap.dedent("""\
    import asyncio
    async def fetch(url):
        for attempt in range(2):
            await asyncio.sleep(0.01)
        return url
    async def main():
        jobs = ['a', 'b']
        first = await fetch(jobs[0])
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        child = asyncio.create_task(fetch('c'))
        await child
    asyncio.run(main())
""")


@pytest.mark.parametrize("engine", ENGINES)
def test_they_are_told_of_each_suspension_where_they_changed(engine: str) -> None:
    jobs = ["jobs", "['a', 'b']"]
    first = ["first", "'a'"]
    assert told(record(PROGRAM, engine)) == [
        ("main", "sleep(0.01)", [["main", 8, [jobs]], ["fetch", 4, [["url", "'a'"], ["attempt", "0"]]]]),
        ("main", "sleep(0.01)", [["main", 8, [jobs]], ["fetch", 4, [["url", "'a'"], ["attempt", "1"]]]]),
        ("main", "sleep(0)", [["main", 9, [jobs, first]]]),
        ("main", "sleep(0)", [["main", 10, [jobs, first]]]),
        ("main", "task fetch", [["main", 12, [jobs, first, ["child", "<Task Task-n>"]]]]),
        ("fetch", "sleep(0.01)", [["fetch", 4, [["url", "'c'"], ["attempt", "0"]]]]),
        ("fetch", "sleep(0.01)", [["fetch", 4, [["url", "'c'"], ["attempt", "1"]]]]),
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_events_are_the_same_with_and_without(engine: str) -> None:
    with_them, without = (Trace.read(record(PROGRAM, engine, variables)) for variables in (True, False))
    assert with_them.rows == without.rows


def test_of_an_eager_task_too() -> None:
    source = textwrap.dedent("""\
        import asyncio
        async def nap(n):
            await asyncio.sleep(n)
        async def main():
            asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
            await asyncio.create_task(nap(0.5))
        asyncio.run(main())
    """)
    assert told(record(source, "pyodide"))[0] == ("nap", "sleep(0.5)", [["nap", 3, [["n", "0.5"]]]])


class Hostile:
    """Whoever asks it anything is told off."""

    def __init__(self) -> None:
        self.size = 3
        self._hidden = 4

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(name)

    __repr__ = __str__ = __hash__ = __len__ = __iter__ = __eq__ = __bool__ = None  # type: ignore[assignment]


class OwnDictionary:
    @property
    def __dict__(self) -> Any:  # type: ignore[override]
        raise AssertionError


class Liar(list[int]):
    def __iter__(self) -> Any:
        raise AssertionError

    def __repr__(self) -> str:
        raise AssertionError


LOOP: list[Any] = []
LOOP.append(LOOP)


VALUES: list[tuple[object, str]] = [
    (None, "None"),
    (True, "True"),
    (1.5, "1.5"),
    (7, "7"),
    (1 << 16609, "<int of 16610 bits>"),
    ("it's", '"it\'s"'),
    ("x" * 100, "'" + "x" * 60 + "'…"),
    (b"ab", "b'ab'"),
    ([], "[]"),
    ((1,), "(1,)"),
    (set(), "set()"),
    (frozenset(), "frozenset({})"),
    (list(range(9)), "[0, 1, 2, 3, 4, 5, … 3 more]"),
    ({"a": [1, {"b": 2}]}, "{'a': [1, {'b': 2}]}"),
    (LOOP, "[[[[…]]]]"),
    (print, "<function print>"),
    (json, "<module json>"),
    (Hostile, "<class Hostile>"),
    (Hostile(), "<Hostile size=3>"),
    (OwnDictionary(), "<OwnDictionary>"),
    (Liar([1]), "<Liar>"),
    (How.RAISED, "<How.RAISED>"),
    (object(), "<object>"),
    (iter([]), "<list_iterator>"),
]


@pytest.mark.parametrize("number", range(len(VALUES)))
def test_what_is_shown_of_a_value_calls_nothing_of_the_programs(number: int) -> None:
    value, text = VALUES[number]
    assert shown(value) == text


def test_when_there_is_too_much_of_them_the_trace_says_so_and_the_program_goes_on() -> None:
    source = textwrap.dedent("""\
        import asyncio
        async def main():
            for n in range(3000):
                a = b = c = d = e = f = g = h = str(n) * 60
                i = j = k = l = m = o = p = q = r = s = t = u = v = [a, b, c, d, e, f]
                await asyncio.sleep(0)
            print('done')
        asyncio.run(main())
    """)
    data = record(source)
    trace = Trace.read(data)
    notes = [trace.text(row.aux) for row in trace.rows if row.kind is Kind.NOTE]
    assert notes == ["variables full"]
    assert len(told(data)) < 3000
    assert "done" in "".join(trace.text(row.aux) for row in trace.rows if row.kind is Kind.OUTPUT)
