"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import Timer, lesson, record, run_changed, run_of
from loopscope.analysis.findings import findings
from loopscope.protocol import Kind

LESSON = "blocking-calls"


def test_while_report_runs_no_timer_fires_and_no_task_gets_a_turn() -> None:
    run = run_of(LESSON)
    blocking = run.step_that_printed("report: written")
    assert (blocking.begin, blocking.end) == (30, 130)
    inside = [row for row in run.trace.rows if row.kind in (Kind.STEP, Kind.CALLBACK) and 0.03 < row.t < 0.13]
    assert inside == []


def test_the_third_beat_is_due_at_40_ms_and_comes_90_ms_late() -> None:
    run = run_of(LESSON)
    assert run.timers("heart")[1] == Timer(40, 130)
    assert run.took("beat 1", "beat 2") == 20
    assert run.at("beat 3") == 130


def test_a_finding_names_the_task() -> None:
    (found,) = findings(run_of(LESSON).trace, lesson(LESSON).program)
    assert found.kind == "blocked"
    assert "report" in found.title


def test_debug_mode_logs_every_step_that_takes_100_ms_or_longer() -> None:
    source = lesson(LESSON).program
    source = source.replace("asyncio.run(main())", "asyncio.run(main(), debug=True)")
    runs = [record(source.replace("0.1)", f"{seconds})")) for seconds in (0.0999, 0.1001)]
    assert ["took 0.100 seconds" in run.errors for run in runs] == [False, True]


def test_changed_the_heart_beats_every_20_ms() -> None:
    run = run_changed(LESSON)
    assert [run.at(f"beat {number}") for number in range(1, 6)] == [0, 20, 40, 60, 80]
    assert run.waits("report")[1] == "sleep(0.1)"
