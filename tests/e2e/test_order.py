"""Programs print in the page, line by line, what they print in CPython.

Many programs are run by one, each with a module and streams of its own, on the loop that asyncio makes in the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from conformance import ordering
from conformance.drawn import drawn
from conformance.engine import Answer
from conformance.servers import Native, Pyodide, native_314
from conformance.test_programs import PYODIDE, SEED, difference
from e2e.conftest import OpenScope
from playwright.sync_api import expect

ENGINE = Path(ordering.__file__).with_name("engine.py").read_text(encoding="utf-8")
RUN_ALL = """\
import json
engine = {{"__name__": "engine"}}
exec({engine!r}, engine)
wanted = json.loads({wanted!r})
sources = json.loads({sources!r})
for k, source in enumerate(sources):
    answer = engine["run_here"](source)
    if k >= len(wanted) or wanted[k] != list(answer):
        print(json.dumps([k, *answer]))
print(len(sources))
"""
# How the page runs them: by parking on a promise; by blocking its thread; with neither shared memory nor that.
WAYS = {"suspending": "/", "blocking": "/?without=jspi", "alone": "/?without=shared"}
RANDOM = 40


def run_all(
    open_scope: OpenScope, address: str, sources: list[str], wanted: Sequence[Answer] = ()
) -> dict[int, Answer]:
    """What the programs did, by number; those that did exactly what is ``wanted`` are left out."""
    scope = open_scope(address)
    scope.run(RUN_ALL.format(engine=ENGINE, sources=json.dumps(sources), wanted=json.dumps(wanted)))
    expect(scope.output).to_contain_text(re.compile(rf"\b{len(sources)}\s*$"))
    *told, count = scope.printed()
    assert int(count) == len(sources)
    return {number: Answer(*answer) for number, *answer in map(json.loads, told)}


@pytest.mark.parametrize("way", WAYS)
def test_programs_about_order(open_scope: OpenScope, way: str) -> None:
    names = ordering.names()
    answers = run_all(open_scope, WAYS[way], [ordering.source(name) for name in names])
    told = {names[k]: ordering.told(answer) for k, answer in answers.items()}
    assert told == {name: ordering.expected(name) for name in names}


@pytest.fixture(scope="module")
def expected() -> dict[str, Answer]:
    """Random programs, and what they do on CPython's own loop: of a native 3.14 where there is one, else in Pyodide."""
    command = native_314()
    python = Native(command, same=True) if command else Pyodide()
    expected: dict[str, Answer] = {}
    for source in drawn(RANDOM, SEED, PYODIDE):
        python.ask(source, "stock")
        answer = python.take()
        if answer.end != "NothingWillHappen":  # in the page, a deadlock waits for somebody to press Stop
            expected[source] = answer
    python.close()
    assert len(expected) > RANDOM / 2
    return expected


@pytest.mark.parametrize("way", WAYS)
def test_random_programs(open_scope: OpenScope, expected: dict[str, Answer], way: str) -> None:
    sources = list(expected)
    for k, answer in run_all(open_scope, WAYS[way], sources, list(expected.values())).items():
        found = difference("CPython", expected[sources[k]], "the page", answer)
        assert not found, f"LOOPSCOPE_SEED={SEED}\n\n{sources[k]}\n{found}"
