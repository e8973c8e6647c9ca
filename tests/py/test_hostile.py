"""A hook or a finding that fails never breaks the user's program, and it is told that it failed."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from engines import ROOT
from hostile_programs import BROKEN, HOSTILE
from lessons import Run, record
from loopscope import record as recorder
from loopscope import session
from loopscope.analysis.findings import Finding
from loopscope.protocol import How, Kind, unpack_frames


def program(body: str) -> str:
    return f"import asyncio\n{textwrap.dedent(body)}\nasyncio.run(main())\nprint('fine')\n"


def problems(data: bytes) -> list[str]:
    return [meta["problem"] for meta, _ in unpack_frames(data) if "problem" in meta]


def natively(source: str) -> Run:
    """In a Python of its own: a program may leave a broken package behind."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, loopscope\nsys.stdout.buffer.write(loopscope.record(sys.stdin.read())[0])",
        ],
        input=source.encode(),
        capture_output=True,
        env={"PYTHONPATH": str(ROOT / "py")},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    return Run(done.stdout)


def in_this(source: str) -> Run:
    return Run(recorder(source)[0])


@pytest.mark.parametrize("run", [in_this, record], ids=["native", "pyodide"])
@pytest.mark.parametrize("name", HOSTILE)
def test_objects_that_fail_when_they_are_asked_harm_neither_program_nor_trace(name: str, run: object) -> None:
    body, printed = HOSTILE[name]
    ran = run(program(body))  # type: ignore[operator]
    assert ran.printed == [*printed, "fine"]
    assert problems(ran.data) == []
    steps = [row for row in ran.trace.rows if row.kind is Kind.STEP]
    assert steps[-1].how is How.RETURNED
    assert {row.subject for row in steps} <= set(ran.trace.tasks)


@pytest.mark.parametrize("name", BROKEN)
def test_a_hook_that_fails_is_told_and_the_program_runs_on(name: str) -> None:
    ran = natively(program(BROKEN[name]))
    assert ran.printed == ["fine"]
    assert problems(ran.data)[-1] == "ZeroDivisionError: division by zero"
    [end] = [row for row in ran.trace.rows if row.kind is Kind.EXIT]
    assert end.how is How.FINISHED


def test_a_tracer_of_which_nothing_is_left_tells_how_the_program_ended() -> None:
    source = program("""
        import gc
        for each in gc.get_objects():
            if type(each).__name__.endswith('Tracer') or type(each).__name__ == '_Plain':
                each.buffer = each.places = None
        async def main():
            await asyncio.sleep(0.01)
            open('/dev/stderr', 'w').write('slept')
        """)
    ran = natively(source)
    assert "TypeError" in problems(ran.data)[-1]
    assert ran.trace.rows[-1].kind is Kind.EXIT
    assert ran.trace.rows[-1].how is How.FINISHED


def test_a_run_too_long_for_the_checks_says_that_it_was_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "ANALYSED", 1000)
    data = recorder("print('fine')\n" * 40)[0]
    [*_, meta] = [meta for meta, _ in unpack_frames(data)]
    assert [finding["title"] for finding in meta["findings"]] == ["This run is too long to be checked"]


@pytest.mark.parametrize("given", [None, [1], 1], ids=repr)
def test_a_check_that_gives_no_findings_stands_in_nobodys_way(
    given: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from loopscope.analysis import findings as package

    monkeypatch.setattr(package, "CHECKS", (lambda trace, source: given, *package.CHECKS))
    data = recorder("import asyncio\nasync def main(): await asyncio.Event().wait()\nasyncio.run(main())")[0]
    [*_, meta] = [meta for meta, _ in unpack_frames(data)]
    assert [finding["kind"] for finding in meta["findings"]] == ["check-failed", "deadlock"]


def test_an_exception_that_cant_be_shown_is_told_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from loopscope.analysis import findings as package

    class Hidden(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    def broken(trace: object, source: str) -> list[Finding]:
        raise Hidden

    monkeypatch.setattr(package, "CHECKS", (broken,))
    [*_, meta] = [meta for meta, _ in unpack_frames(recorder("print('fine')")[0])]
    assert "can't be shown" in meta["findings"][0]["text"]
