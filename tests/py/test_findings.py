"""Each finding: programs that must raise it, and look-alikes that must not."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
from engines import ROOT
from finding_programs import NOT_RAISED, RAISED
from loopscope.analysis import findings as package
from loopscope.analysis.findings import Finding, findings
from loopscope.analysis.trace import Trace
from loopscope.protocol import How, unpack_frames
from loopscope.record import record


def found(body: str) -> list[Finding]:
    """Findings about a program whose ``main`` has this body; functions may stand before a line ``---``."""
    text = textwrap.dedent(body)
    functions, _, main = text.rpartition("---\n")
    main = textwrap.indent(main, "    ")
    source = f"import asyncio, time\n{functions}\nasync def main():\n{main}\nasyncio.run(main())\n"
    return findings(Trace.read(record(source)[0]), source)


def kinds(body: str) -> list[str]:
    return [finding.kind for finding in found(body)]


@pytest.mark.parametrize("name", RAISED)
def test_it_is_found(name: str) -> None:
    kind, body = RAISED[name]
    assert kinds(body)[:1] == [kind]


@pytest.mark.parametrize("name", NOT_RAISED)
def test_its_look_alike_is_not(name: str) -> None:
    assert kinds(NOT_RAISED[name]) == []


def test_a_deadlock_is_named_as_its_cycle_with_lines() -> None:
    [finding] = found(RAISED["two locks in opposite order"][1])
    assert finding.title == "Deadlock: both (Task-2) → both (Task-3) → both (Task-2)" or "→" in finding.title
    assert "left" in finding.text
    assert "right" in finding.text
    assert "held by" in finding.text
    assert finding.lines


def test_awaits_in_turn_say_what_they_cost_and_could_cost() -> None:
    [finding] = found(RAISED["two results that are kept"][1])
    assert finding.title == "Lines 8 and 9 wait 100 ms, could be 50 ms"
    assert finding.lines == (8, 9)


def test_a_coroutine_never_awaited_is_found_with_its_line() -> None:
    source = "import asyncio\nasync def lost(): pass\nasync def main(): lost()\nasyncio.run(main())\n"
    with pytest.warns(RuntimeWarning, match="never awaited"):
        trace = Trace.read(record(source)[0])
    [finding] = findings(trace, source)
    assert (finding.kind, finding.title, finding.lines) == ("never-awaited", "lost was never awaited", (3, 2))


def test_a_check_that_fails_stands_in_nobodys_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(trace: Trace, source: str) -> list[Finding]:
        raise RuntimeError("broken")

    monkeypatch.setattr(package, "CHECKS", (broken, *package.CHECKS))
    failed, deadlock = found(RAISED["an event nobody sets"][1])
    assert (failed.kind, deadlock.kind) == ("check-failed", "deadlock")
    assert "RuntimeError: broken" in failed.text
    assert "unharmed" in failed.text


def test_an_analysis_that_fails_as_a_whole_is_told_and_harms_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: bytes) -> Trace:
        raise RuntimeError("broken")

    monkeypatch.setattr(Trace, "read", broken)
    data, end = record("print('fine')")
    monkeypatch.undo()
    [*_, meta] = [meta for meta, _ in unpack_frames(data)]
    assert end.how is How.FINISHED
    assert [finding["kind"] for finding in meta["findings"]] == ["check-failed"]
    assert meta["path"] == []


# The examples that are there to show a finding.
SHOWN = {
    "01_queries_in_turn": ["in-turn"],
    "07_blocking": ["blocked"],
}


@pytest.mark.filterwarnings("ignore:coroutine", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("path", sorted((ROOT / "web/examples").glob("*.py")), ids=lambda path: path.stem)
def test_the_examples_have_no_other_findings(path: Path) -> None:
    source = path.read_text()
    kinds = [finding.kind for finding in findings(Trace.read(record(source)[0]), source)]
    found = re.search("^# Finding: (.+)", source, re.MULTILINE)
    assert kinds == SHOWN.get(path.stem, [found[1]] if found else [])


def test_a_librarys_coroutine_that_nobody_awaits_has_no_line_of_its_own() -> None:
    with pytest.warns(RuntimeWarning, match="never awaited"):
        (finding,) = found("""
            asyncio.sleep(1)
            await asyncio.sleep(0)
        """)
    assert (finding.title, finding.lines) == ("sleep was never awaited", (5,))
