"""Random programs print the same on Loopscope's loop as on CPython's, line by line and time by time.

LOOPSCOPE_SEED=N         other programs than every day's; "random": others each time. A failure prints its seed
LOOPSCOPE_PROGRAMS=N     how many programs; 300
LOOPSCOPE_CPYTHON=CMD    a native CPython 3.14 to compare Pyodide's with; without one the stock loop in Pyodide is
"""

from __future__ import annotations

import difflib
import os
import random
import re
import sys
from collections.abc import Iterator

import pytest
from conformance.engine import Answer
from conformance.programs import VERSION_DIFFERENCES, programs
from conformance.servers import Native, Pyodide, native_314
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

CHOSEN = os.environ.get("LOOPSCOPE_SEED") or "314"
SEED = random.SystemRandom().randrange(10**6) if CHOSEN == "random" else int(CHOSEN)
COUNT = int(os.environ.get("LOOPSCOPE_PROGRAMS") or 300)
HERE = (sys.version_info[0], sys.version_info[1])
PYODIDE = (3, 14)


class Engines:
    def __init__(self) -> None:
        self.native = Native(same=HERE == PYODIDE)
        self.pyodide = Pyodide()
        command = native_314()
        self.reference = Native(command, same=True) if command and HERE != PYODIDE else None

    def compare(self, source: str, version: tuple[int, int], traced: bool) -> str:
        """What is printed differently, empty if nothing is. All interpreters work at the same time."""
        native, pyodide, reference = self.native, self.pyodide, self.reference
        same_version = reference or (native if HERE == PYODIDE else None)
        natively = version <= HERE
        if natively:
            native.ask(source, "stock")
            native.ask(source, "loopscope", traced)
        pyodide.ask(source, "loopscope", traced)
        if reference:
            reference.ask(source, "stock")
        if not same_version:
            pyodide.ask(source, "stock")
        answers: dict[str, Answer] = {}
        if natively:
            answers["native, stock"] = native.take()
            answers["native, Loopscope"] = native.take()
        answers["Pyodide, Loopscope"] = pyodide.take()
        if reference:
            answers["native 3.14, stock"] = reference.take()
        if not same_version:
            answers["Pyodide, stock"] = pyodide.take()
        expected_314 = next(
            name for name in ("native 3.14, stock", "Pyodide, stock", "native, stock") if name in answers
        )
        pairs = [("native, stock", "native, Loopscope"), (expected_314, "Pyodide, Loopscope")]
        if not differs_by_version(source):
            pairs.append(("native, stock", expected_314))
        found = [
            difference(expected, answers[expected], got, answers[got])
            for expected, got in pairs
            if expected in answers and expected != got
        ]
        return "\n".join(filter(None, found))

    def close(self) -> None:
        for server in (self.native, self.pyodide, self.reference):
            if server:
                server.close()


def differs_by_version(source: str) -> bool:
    return any(since > HERE and re.search(pattern, source) for pattern, since, _ in VERSION_DIFFERENCES)


def difference(expected_name: str, expected: Answer, got_name: str, got: Answer) -> str:
    lines = [[*answer.stdout.splitlines(), f"[{answer.end}]"] for answer in (expected, got)]
    if expected_name.partition(",")[0] != got_name.partition(",")[0]:
        # What is forgotten is found at other moments by other releases.
        lines = [[line for line in told if line and not line.startswith("handler: ")] for told in lines]
    return "\n".join(difflib.unified_diff(lines[0], lines[1], expected_name, got_name, lineterm="", n=100))


@pytest.fixture(scope="module")
def engines() -> Iterator[Engines]:
    engines = Engines()
    yield engines
    engines.close()


@pytest.mark.timeout(900)  # shrinking takes its time
def test_random_programs(engines: Engines) -> None:
    versions = st.sampled_from(sorted({HERE, PYODIDE}))

    @seed(SEED)
    @settings(
        max_examples=COUNT,
        phases=[Phase.generate, Phase.shrink],
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(versions.flatmap(lambda version: st.tuples(st.just(version), programs(version))), st.booleans())
    def agree(drawn: tuple[tuple[int, int], str], traced: bool) -> None:
        version, source = drawn[0], str(drawn[1])
        found = engines.compare(source, version, traced)
        if found:
            raise AssertionError(
                f"LOOPSCOPE_SEED={SEED}\n{'traced' if traced else 'untraced'}\n\n{source}\n{found}"
            )

    agree()
