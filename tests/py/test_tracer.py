"""What the tracer tells of single situations, in words and rows. The file is long because it is a list of them."""

from __future__ import annotations

import textwrap

import pytest
from engines import run_in_pyodide, trace_of
from loopscope.analysis.narration import narrate
from loopscope.analysis.trace import Trace
from loopscope.clock import VirtualClock
from loopscope.loop import installed, loop_class
from loopscope.program import run_program
from loopscope.protocol import Flag, How, Kind, unpack_frames
from loopscope.session import Session, ThreadHost
from loopscope.tracer import Tracer


def told(source: str, engine: str = "native") -> list[str]:
    return narrate(trace_of(textwrap.dedent(source), engine))


def test_timers_are_armed_fire_and_wake() -> None:
    assert told("""\
        import asyncio
        async def main():
            await asyncio.sleep(0.05)
        asyncio.run(main())
    """) == [
        "t=0 s: the program creates task main at line 4",
        "t=0 s: main arms a timer for t=50 ms at line 3",
        "t=0 s: main begins, then waits for sleep(0.05) at line 3",
        "t=0 s: the loop waits 50 ms, until a timer is due",
        "t=50 ms: the timer that main armed at line 3 fires: _set_result_unless_cancelled",
        "t=50 ms: main resumes: its timer at line 3 fired, then returns",
        "t=50 ms: the program is finished, exit code 0",
    ]


def test_who_woke_a_waiting_task_and_where() -> None:
    program = """\
        import asyncio
        async def waiter(queue):
            await queue.get()
        async def main():
            queue = asyncio.Queue()
            task = asyncio.create_task(waiter(queue), name="w")
            await asyncio.sleep(0)
            queue.put_nowait(1)
            await task
        asyncio.run(main())
    """
    # asyncio names a task when it makes it from 3.12 on, afterwards in 3.11.
    assert told(program, "pyodide") == [
        "t=0 s: the program creates task main at line 10",
        "t=0 s: main creates task w at line 6",
        "t=0 s: main begins, then gives way with sleep(0) at line 7",
        "t=0 s: w begins, then waits for queue.get at line 3",
        "t=0 s: main takes its next turn, then waits for task w at line 9",
        "t=0 s: w resumes: woken by main at line 8, then returns",
        "t=0 s: main resumes: w ended, then returns",
        "t=0 s: the program is finished, exit code 0",
    ]


def test_equal_timers_fire_in_order_of_creation_under_the_virtual_clock() -> None:
    trace = trace_of("""
import asyncio
async def nap(name, delay):
    await asyncio.sleep(delay)
    print(name)
async def main():
    await asyncio.gather(*(nap(name, 0.3) for name in "abcdefghij"))
    later = asyncio.create_task(nap("created first", 0.3))
    await asyncio.sleep(0.1)
    await asyncio.gather(later, nap("created second", 0.2))
asyncio.run(main())
""")
    printed = [trace.text(row.aux).strip() for row in trace.rows if row.kind is Kind.OUTPUT]
    assert printed == [*"abcdefghij", "created first", "created second"]


def test_cancelled_timers_are_told_once_and_only_if_they_had_not_fired() -> None:
    trace = trace_of("""
import asyncio
async def main():
    handle = asyncio.get_running_loop().call_later(1, print)
    handle.cancel()
    handle.cancel()
    await asyncio.sleep(2)
asyncio.run(main())
""")
    cancelled = [row for row in trace.rows if row.kind is Kind.TIMER_CANCELLED]
    assert [trace.line(row.site) for row in cancelled] == [5]


def test_who_asks_to_cancel_is_told_and_that_a_request_is_taken_back() -> None:
    lines = told("""\
        import asyncio
        async def child():
            await asyncio.sleep(9)
        async def main():
            try:
                async with asyncio.timeout(1):
                    await asyncio.create_task(child())
            except TimeoutError:
                asyncio.current_task().cancel()
            await asyncio.sleep(0)
        asyncio.run(main())
    """)
    assert [line for line in lines if "cancel" in line and "timer" not in line] == [
        "t=1 s: a timeout cancels main",
        "t=1 s: main, which waits for it, cancels child",
        "t=1 s: child resumes: cancelled by main, which waits for it, then is cancelled",
        "t=1 s: main takes back a request to cancel itself at line 6",
        "t=1 s: main cancels main at line 9",
        "t=1 s: main resumes: cancelled by a timeout, then gives way with sleep(0) at line 10",
        "t=1 s: main resumes: cancelled by main at line 9, then is cancelled",
    ]


CIRCLE = """\
import asyncio
async def wait_for(name):
    await asyncio.sleep(0)
    await tasks[name]
async def main():
    {make}
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    try:
        tasks["a"].cancel()
    except RecursionError:
        print("RecursionError")
    print(*(tasks[name].done() for name in "ab"))
tasks = {{}}
asyncio.run(main())
"""


@pytest.mark.parametrize("engine", ["native", "pyodide"])
@pytest.mark.parametrize(
    "make",
    [
        'tasks.update(a=asyncio.create_task(wait_for("b")), b=asyncio.create_task(wait_for("a")))',
        # Each waits for the other in a gather.
        "tasks.update((name, asyncio.create_task(asyncio.wait_for(asyncio.gather(wait_for(other)), None)))"
        ' for name, other in ("ab", "ba"))',
    ],
)
def test_tasks_that_wait_for_each_other_cannot_be_cancelled_and_the_trace_is_whole(
    make: str, engine: str
) -> None:
    trace = trace_of(CIRCLE.format(make=make), engine)
    said = "".join(trace.text(row.aux) for row in trace.rows if row.kind is Kind.OUTPUT)
    assert said.startswith("RecursionError\nFalse False\n")
    assert trace.rows[-1].kind is Kind.EXIT
    assert trace.problem == ""


@pytest.mark.parametrize("engine", ["native", "pyodide"])
def test_a_request_to_cancel_goes_down_a_long_row_of_tasks(engine: str) -> None:
    trace = trace_of(
        textwrap.dedent("""\
            import asyncio, sys
            async def level(k):
                if k:
                    await asyncio.create_task(level(k - 1))
                else:
                    await asyncio.sleep(100)
            async def main():
                task = asyncio.create_task(level(700))
                await asyncio.sleep(1)
                task.cancel("enough")
                try:
                    await task
                except asyncio.CancelledError as error:
                    print(error.args)
            asyncio.run(main())
        """),
        engine,
    )
    asked = [row for row in trace.rows if row.kind is Kind.CANCEL]
    assert [trace.line(row.site) for row in asked] == [10] * 701
    assert {row.how for row in asked[1:]} == {How.BY_PARENT}
    assert [row.via for row in asked[1:]] == [row.subject for row in asked[:-1]]
    assert {trace.text(row.aux) for row in asked} == {"enough"}
    [said] = [trace.text(row.aux) for row in trace.rows if row.kind is Kind.OUTPUT]
    assert said == "('enough',)\n"


def test_steps_tell_how_they_ended() -> None:
    trace = trace_of("""
import asyncio
async def fails():
    raise KeyError("no")
async def sleeps():
    await asyncio.sleep(9)
async def main():
    tasks = [asyncio.create_task(fails()), asyncio.create_task(sleeps())]
    await asyncio.sleep(0)
    tasks[1].cancel()
    await asyncio.wait(tasks)
    tasks[0].exception()
asyncio.run(main())
""")
    ends = {}
    for row in trace.rows:
        if row.kind is Kind.STEP:
            ends[trace.task_label(row.subject)] = (row.how, trace.text(row.aux))
    assert ends["fails"] == (How.RAISED, "KeyError")
    assert ends["sleeps"] == (How.CANCELLED, "")
    assert ends["main"] == (How.RETURNED, "")


def test_eager_tasks_run_inside_their_creators_step() -> None:
    # Task factories are eager from Python 3.12 on.
    trace = trace_of(
        """
import asyncio
async def child():
    print("child")
    await asyncio.sleep(0)
async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    task = asyncio.create_task(child())
    print("main")
    await task
asyncio.run(main())
""",
        "pyodide",
    )
    seen = [
        (trace.task_label(row.subject), row.how, bool(row.flags & Flag.EAGER))
        for row in trace.rows
        if row.kind is Kind.STEP and not trace.tasks[row.subject].library
    ]
    assert seen[:3] == [
        ("child", How.YIELDED, True),
        ("main", How.SUSPENDED, False),
        ("child", How.RETURNED, False),
    ]
    printed = [trace.task_label(row.by) for row in trace.rows if row.kind is Kind.OUTPUT]
    assert printed == ["child", "main"]


def test_output_is_told_line_by_line_until_it_floods() -> None:
    trace = trace_of("for i in range(20_000): print(i)\nprint('end', end='')")
    texts = [trace.text(row.aux) for row in trace.rows if row.kind is Kind.OUTPUT]
    assert texts[:2] == ["0\n", "1\n"]
    assert texts[-1] == "end"
    assert len(texts) < 150
    assert "".join(texts) == "".join(f"{i}\n" for i in range(20_000)) + "end"


def test_output_past_the_bound_is_counted() -> None:
    frames: list[bytes] = []
    Session(frames.append).run("for i in range(3): print('x' * 499_999)")
    metas = [meta for meta, _ in unpack_frames(b"".join(frames))]
    assert metas[-1]["cut"] == [1, 500_000]


def test_events_past_the_bound_are_counted_and_the_output_is_kept() -> None:
    clock = VirtualClock()
    frames: list[bytes] = []
    tracer = Tracer(clock, frames.append, limit=1000)
    source = """
import asyncio
async def main():
    for i in range(9000): await asyncio.sleep(0)
    print('end')
asyncio.run(main())
"""
    with installed(loop_class(clock, ThreadHost(), tracer)):
        run_program(source, tracer.output)
    tracer.flush()
    trace = Trace.read(b"".join(frames))
    assert trace.lost > 8000
    assert len(trace.rows) + trace.lost == tracer.seq
    assert [trace.text(row.aux) for row in trace.rows if row.kind is Kind.OUTPUT] == ["end\n"]


def test_a_failing_tracer_never_breaks_the_program_and_is_reported() -> None:
    clock = VirtualClock()
    frames: list[bytes] = []
    tracer = Tracer(clock, frames.append)

    def broken(coro: object) -> int:
        raise RuntimeError("the tracer is broken")

    tracer.places.chain_of = broken  # type: ignore[method-assign]
    said: list[str] = []
    source = "import asyncio\nasync def main():\n await asyncio.sleep(1)\n print('fine')\nasyncio.run(main())"
    with installed(loop_class(clock, ThreadHost(), tracer)):
        end = run_program(source, lambda how, text: said.append(text))
    assert (end.how, "".join(said)) == (How.FINISHED, "fine\n")
    tracer.flush()
    [*_, meta] = [meta for frame in frames for meta, _ in unpack_frames(frame)]
    assert meta["problem"] == "RuntimeError: the tracer is broken"


def test_columns_count_characters_not_bytes() -> None:
    trace = trace_of(
        "import asyncio\nasync def main():\n    'äöü'; await asyncio.sleep(0)\nasyncio.run(main())\n"
    )
    first = next(row for row in trace.rows if row.kind is Kind.STEP)
    site = trace.own_site(first)
    assert site is not None
    assert (site.column, site.end_column) == (11, 33)


def test_recording_the_same_program_twice_gives_the_same_events() -> None:
    source = """
import asyncio, random
async def main():
    for _ in range(5): await asyncio.sleep(random.random())
asyncio.run(main())
"""
    one, two = (trace_of(source).rows for _ in range(2))
    assert one == two


def test_looking_for_what_hides_a_frame_leaves_nothing_unawaited() -> None:
    told = """
import gc, warnings
from loopscope import frames
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    frames._hiding()
    gc.collect()
result = [str(each.message) for each in caught]
"""
    assert run_in_pyodide([told]) == [[]]


def test_a_deadlock_is_told_while_the_program_waits() -> None:
    source = textwrap.dedent("""\
        import asyncio
        async def main():
            await asyncio.Event().wait()
        asyncio.run(main())
    """)
    frames: list[bytes] = []
    told_before_the_end: list[str] = []

    class Host(ThreadHost):
        def park(self, timeout: float | None) -> bool:
            for meta, _ in unpack_frames(b"".join(frames)):
                told_before_the_end.extend(finding["title"] for finding in meta.get("findings", ()))
            return super().park(timeout)

    session = Session(frames.append, Host())
    session.tracer.when_stuck = lambda: session.tell_deadlock(source)
    session.run(source)
    assert told_before_the_end == ["Deadlock: nobody will ever set the Event made at line 3"]


def test_who_cancels_a_task_that_failed_has_seen_its_exception() -> None:
    # As CPython has it, on purpose or not.
    trace = trace_of(
        textwrap.dedent("""\
            import asyncio
            async def fails():
                raise ValueError
            async def main():
                task = asyncio.create_task(fails())
                await asyncio.sleep(0)
                print(task.cancel())
            asyncio.run(main())
        """)
    )
    written = [trace.text(row.aux) for row in trace.rows if row.kind in (Kind.OUTPUT, Kind.NOTE)]
    assert "".join(written) == "False\n"


def test_a_factory_of_plain_tasks_leaves_their_first_step_to_who_asked_for_them() -> None:
    trace = trace_of(
        textwrap.dedent("""\
            import asyncio
            async def child():
                await asyncio.sleep(1)
            async def main():
                factory = lambda loop, coro, **options: asyncio.Task(coro, loop=loop, **options)
                asyncio.get_running_loop().set_task_factory(factory)
                await asyncio.create_task(child())
            asyncio.run(main())
        """)
    )
    steps = [row for row in trace.rows if row.kind == Kind.STEP]
    assert [(row.subject, row.by) for row in steps][:2] == [(1, 0), (steps[1].subject, 1)]
    assert steps[1].subject != 1
    assert [trace.line(row.site) for row in steps[:2]] == [8, 7]


@pytest.mark.parametrize("engine", ["native", "pyodide"])
def test_what_a_programs_own_loop_hands_on_is_asked_for_by_its_callers(engine: str) -> None:
    trace = trace_of(
        textwrap.dedent("""\
            import asyncio
            async def child():
                await asyncio.sleep(1)
            class Mixin:
                def call_soon(self, callback, *args, **options):
                    return super().call_soon(callback, *args, **options)
                def call_later(self, delay, callback, *args, **options):
                    return super().call_later(delay, callback, *args, **options)
            class Loop(Mixin, asyncio.SelectorEventLoop):
                def create_task(self, coro, **options):
                    return super().create_task(coro, **options)
            async def main():
                loop = asyncio.get_running_loop()
                loop.call_soon(print, "soon")
                await asyncio.create_task(child())
            with asyncio.Runner(loop_factory=Loop) as runner:
                runner.run(main())
        """),
        engine,
    )
    own = [task for task in trace.tasks.values() if not task.library]
    asked = {task.coroutine: (trace.rows[task.created], trace.rows[task.steps[0]]) for task in own}
    assert {name: [trace.line(row.site) for row in rows] for name, rows in asked.items()} == {
        "main": [17, 17],
        "child": [15, 15],
    }
    [called] = [row for row in trace.rows if trace.text(row.aux) == "print"]
    assert trace.line(called.site) == 14
    [timer] = [row for row in trace.rows if row.kind is Kind.TIMER]
    assert trace.line(timer.site) == 3


@pytest.mark.parametrize("engine", ["native", "pyodide"])
def test_what_a_class_of_classes_makes_is_named_where_the_program_makes_it(engine: str) -> None:
    trace = trace_of(
        textwrap.dedent("""\
            import asyncio
            class Jobs(asyncio.Queue):
                def __init__(self):
                    super().__init__(3)
            class Door(asyncio.Lock):
                def __init__(self, name):
                    self.name = name
                    super().__init__()
            async def main():
                slots = asyncio.BoundedSemaphore(2)
                jobs = Jobs()
                doors = [Door(name) for name in "ab"]
                await asyncio.sleep(0)
            asyncio.run(main())
        """),
        engine,
    )
    made = [(kind, name, trace.line(site)) for kind, name, site in trace.primitives.values()]
    assert made == [
        ("BoundedSemaphore", "slots", 10),
        ("Queue", "jobs", 11),
        ("Lock", "doors[0]", 12),
        ("Lock", "doors[1]", 12),
    ]


def test_what_a_program_sees_of_the_task_class_is_what_it_sees_everywhere() -> None:
    trace = trace_of(
        textwrap.dedent("""\
            import asyncio
            async def main():
                task = asyncio.create_task(asyncio.sleep(0))
                print(type(task) is asyncio.Task, task.cancel.__qualname__, task.uncancel.__qualname__)
            asyncio.run(main())
        """)
    )
    written = [trace.text(row.aux) for row in trace.rows if row.kind == Kind.OUTPUT]
    assert "".join(written) == "True Task.cancel Task.uncancel\n"


@pytest.mark.parametrize(
    ("going_through", "noted"),
    [
        ("pass", 0),
        ("[task.get_name() for task in done]", 1),
        ("for task in asyncio.all_tasks(): task.get_name()", 1),
    ],
)
def test_the_order_of_a_set_is_noted_where_the_program_may_hang_on_it(going_through: str, noted: int) -> None:
    trace = trace_of(
        textwrap.dedent(f"""\
            import asyncio
            async def main():
                tasks = [asyncio.create_task(asyncio.sleep(n)) for n in (1, 2)]
                done, _ = await asyncio.wait(tasks)
                other = asyncio.create_task(asyncio.sleep(1))
                {going_through}
                await other
            asyncio.run(main())
        """)
    )
    assert len([row for row in trace.rows if row.kind == Kind.NOTE]) == noted


def test_a_task_that_is_made_by_its_class_is_told_as_others() -> None:
    assert told("""\
        import asyncio
        async def work():
            await asyncio.sleep(1)
        async def main():
            task = asyncio.Task(work(), name="direct")
            await task
        asyncio.run(main())
    """)[:4] == [
        "t=0 s: the program creates task main at line 7",
        "t=0 s: main creates task direct at line 5",
        "t=0 s: main begins, then waits for task direct at line 6",
        "t=0 s: direct arms a timer for t=1 s at line 3",
    ]


def test_a_task_that_its_class_begins_at_once_runs_inside_its_making_and_is_kept_by_nobody() -> None:
    said = told(
        """\
        import asyncio, gc, weakref
        async def work(fails):
            print("begun")
            if fails: raise ValueError("at once")
            await asyncio.sleep(1)
        def make():
            return asyncio.Task(work(True), loop=asyncio.get_running_loop(), eager_start=True, name="eager")
        async def main():
            gc.disable()
            failed = make()
            failed.exception()
            seen = weakref.ref(failed)
            del failed
            print("gone", seen() is None)
        asyncio.run(main())
    """,
        "pyodide",
    )
    assert [line.partition(": ")[2] for line in said if "eager" in line or "prints" in line] == [
        "eager prints at line 3: 'begun'",
        "main creates task eager at line 7",
        "eager begins, then raises ValueError",
        "main prints at line 14: 'gone True'",
    ]


def test_a_factorys_tasks_of_the_python_class_are_told_as_others() -> None:
    said = told("""\
        import asyncio
        async def work():
            await asyncio.sleep(1)
        async def main():
            loop = asyncio.get_running_loop()
            loop.set_task_factory(lambda loop, coro, **kw: asyncio.tasks._PyTask(coro, loop=loop))
            await asyncio.create_task(work())
        asyncio.run(main())
    """)
    assert [line.partition(": ")[2] for line in said if "work" in line] == [
        "main creates task work at line 7",
        "main begins, then waits for task work at line 7",
        "work arms a timer for t=1 s at line 3",
        "work begins, then waits for sleep(1) at line 3",
        "the timer that work armed at line 3 fires: _set_result_unless_cancelled",
        "work resumes: its timer at line 3 fired, then returns",
        "main resumes: work ended, then returns",
    ]


@pytest.mark.parametrize(
    ("asked", "roots"),
    [
        ("asyncio.run(asyncio.wait_for(main(), 5))", ["wait_for"]),
        ("asyncio.run(asyncio.sleep(1))", ["sleep"]),
        (
            "loop = asyncio.new_event_loop(); loop.run_until_complete(asyncio.sleep(2)); loop.close()",
            ["sleep"],
        ),
        ("with asyncio.Runner() as runner: runner.run(asyncio.wait_for(main(), 5))", ["wait_for"]),
    ],
)
def test_what_the_program_asks_to_run_is_its_own_task_whoever_wrote_its_coroutine(
    asked: str, roots: list[str]
) -> None:
    trace = trace_of(f"import asyncio\nasync def main(): await asyncio.sleep(1)\n{asked}\n")
    assert [task.coroutine for task in trace.tasks.values() if not task.library and not task.parent] == roots
    closing = {task.coroutine.rpartition(".")[2] for task in trace.tasks.values() if task.library}
    assert closing <= {"shutdown_asyncgens", "shutdown_default_executor"}
