"""The program the page opens with: its whole trace, event by event."""

from __future__ import annotations

import pytest
from engines import ENGINES, ROOT, trace_of
from loopscope.analysis.narration import narrate
from loopscope.analysis.trace import Trace
from loopscope.protocol import How, Kind

SOURCE = (ROOT / "web/examples/default.py").read_text()

TOLD = """\
t=0 s: the program creates task main at line 21
t=0 s: main creates task foo at line 18
t=0 s: main creates task bar at line 18
t=0 s: main begins, then waits for gather at line 18
t=0 s: foo prints at line 5: 'Running in foo'
t=0 s: foo begins, then gives way with sleep(0) at line 6
t=0 s: bar prints at line 11: 'Explicit context to bar'
t=0 s: bar begins, then gives way with sleep(0) at line 12
t=0 s: foo prints at line 7: 'Explicit context switch to foo again'
t=0 s: foo takes its next turn, then returns
t=0 s: bar prints at line 13: 'Implicit context switch back to bar'
t=0 s: bar takes its next turn, then returns
t=0 s: callback gather.<locals>._done_callback runs, scheduled by foo
t=0 s: callback gather.<locals>._done_callback runs, scheduled by bar
t=0 s: main resumes: gather is done, then returns
t=0 s: the program is finished, exit code 0""".splitlines()

# subject: how the step ended, who made it ready at which line, how many events were there then
STEPS = [
    ("main", How.SUSPENDED, "the program", 21, 0),
    ("foo", How.YIELDED, "main", 18, 2),
    ("bar", How.YIELDED, "main", 18, 3),
    ("foo", How.RETURNED, "foo", None, 7),
    ("bar", How.RETURNED, "bar", None, 9),
    ("gather.<locals>._done_callback", None, "foo", None, 11),
    ("gather.<locals>._done_callback", None, "bar", None, 13),
    ("main", How.RETURNED, "a callback", None, 15),
    ("_run_until_complete_cb", None, "main", None, 16),
]


@pytest.fixture(params=ENGINES)
def trace(request: pytest.FixtureRequest) -> Trace:
    # Its steps are the same in every CPython from 3.11 to 3.14.
    return trace_of(SOURCE, request.param)


def test_it_is_told_event_by_event(trace: Trace) -> None:
    assert narrate(trace) == TOLD


def test_every_step_has_its_end_and_its_cause(trace: Trace) -> None:
    steps = []
    for row in trace.rows:
        if row.kind is Kind.LOOP and row.how is How.END:
            break  # what follows is asyncio.run closing its loop
        if row.kind in (Kind.STEP, Kind.CALLBACK):
            name = trace.task_label(row.subject) if row.kind is Kind.STEP else trace.text(row.aux)
            by = trace.task_label(row.by)
            steps.append((name, row.how, by, trace.line(row.site), row.ready_seq))
    assert steps == STEPS


def test_no_time_passes_under_the_virtual_clock(trace: Trace) -> None:
    assert {(row.t, row.end, row.ready) for row in trace.rows} == {(0.0, 0.0, 0.0)}


def test_waits_name_their_place_in_the_program_to_the_column(trace: Trace) -> None:
    first = next(row for row in trace.rows if row.kind is Kind.STEP)
    site = trace.own_site(first)
    assert site is not None
    line = SOURCE.splitlines()[site.line - 1]
    assert line[site.column : site.end_column] == "await asyncio.gather(*tasks)"


def test_asyncios_own_tasks_are_marked(trace: Trace) -> None:
    own = [task.coroutine for task in trace.tasks.values() if not task.library]
    assert own == ["main", "foo", "bar"]


def test_observing_takes_no_task_name_from_the_program() -> None:
    names = [task.name for task in trace_of(SOURCE, "pyodide").tasks.values()]
    assert names[:3] == ["Task-1", "Task-2", "Task-3"]
