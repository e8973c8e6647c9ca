"""Random asyncio programs, as a Hypothesis strategy that shrinks to a minimal program.

A program prints a line for all it does: the time in milliseconds, the task, what happened. Programs end: functions call
only later ones, and tasks are counted. Where a real clock decided an order, programs would differ by chance: their
delays are multiples of 10 ms.

The file is long because it is one grammar: every statement may stand in every other.

Every text a strategy yields is a list of source lines; ``#`` in it stands for a number that ``program`` puts there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from hypothesis import strategies as st

Lines = list[str]

PRELUDE = '''\
import asyncio, contextvars, functools, time


class Err(Exception):
    pass


SHUT = getattr(asyncio, "QueueShutDown", Err)
QUEUE = (asyncio.QueueEmpty, asyncio.QueueFull, SHUT, ValueError)
var = contextvars.ContextVar("var", default=0)


def loop():
    return asyncio.get_running_loop()


def say(*words):
    running = asyncio.get_running_loop()
    task = asyncio.current_task()
    now = round((running.time() - begin) * 1000)
    print(now, task.get_name() if task else "loop", *words)


def show(x):
    if isinstance(x, asyncio.Task):
        return x.get_name()
    if isinstance(x, asyncio.Future):
        return x._state
    if isinstance(x, BaseExceptionGroup):
        return f"{type(x).__name__}({', '.join(map(show, x.exceptions))})"
    if isinstance(x, RuntimeError):
        return "RuntimeError"  # some messages tell addresses
    if isinstance(x, BaseException):
        return f"{type(x).__name__}({', '.join(map(repr, x.args))})"
    if isinstance(x, (set, frozenset)):
        return f"{{{', '.join(sorted(map(show, x)))}}}"
    if isinstance(x, (list, tuple)):
        return f"[{', '.join(map(show, x))}]"
    return repr(x) if x is None or isinstance(x, (int, str)) else type(x).__name__


def pick(i):
    known = [task for task in tasks if task]
    return known[i % len(known)]


def later(i):
    """A task that is younger than this one: tasks that wait for each other in a circle can't be cancelled."""
    younger = [task for task in tasks[rank(asyncio.current_task()) :] if task]
    return younger[i % len(younger)] if younger else spawn(idle)


def rank(task):
    if not hasattr(task, "rank"):
        task.rank = len(tasks)
    return task.rank


def named(coro):
    global spawned
    spawned += 1
    return f"{coro.__name__}.{spawned}"


def make(function):
    """A coroutine of the function, as long as there are not too many."""
    return function() if spawned < 40 else idle()


async def idle():
    say("idle")


def spawn(function, **options):
    return keep(loop().create_task, make(function), options)


def keep(create_task, coro, options):
    place = len(tasks)
    tasks.append(None)  # an eager task makes others before it is returned
    # No variable holds the task: an eager one that raises would be kept by its traceback, until somebody collects.
    tasks[place] = create_task(coro, name=named(coro), **options)
    rank(tasks[place])
    return tasks[place]


def grouped(group, function):
    return keep(group.create_task, make(function), {})


def told(name):
    def callback(future):
        say(name, show(future), future.cancelled() or show(future.exception()))

    return callback


def settle(i, value):
    if not futures[i].done():
        futures[i].set_result(value)
    say("settled", i)


def fail(i):
    if not futures[i].done():
        futures[i].set_exception(Err("future"))


def boom(x):
    say("boom", x)
    raise Err(x)


class Manager:
    def __init__(self, name, enter, leave, swallow):
        self.of = name, enter, leave, swallow

    async def __aenter__(self):
        say(self.of[0], "enters")
        await asyncio.sleep(self.of[1])
        say(self.of[0], "entered")

    async def __aexit__(self, kind, error, _):
        say(self.of[0], "leaves", show(error))
        await asyncio.sleep(self.of[2])
        say(self.of[0], "left")
        return self.of[3]


async def numbers(name, n, delay):
    try:
        for i in range(n):
            say(name, "yields", i)
            yield i
            await asyncio.sleep(delay)
    except BaseException as error:
        say(name, "gets", show(error))
        raise
    finally:
        await asyncio.sleep(0)
        say(name, "closes")


late = []


def handler(loop, context):
    words = context["message"].partition("(")[0], show(context.get("exception"))
    if "never retrieved" in words[0] or "destroyed" in words[0]:
        late.append(f"handler: {words}")  # told when collected, and nobody promises when that is
    else:
        say("handler", *words)

'''

# Source patterns of what CPython's versions order differently: pattern, version in which it became as in 3.14, reason.
# A program in which one is found is not compared between a native Python older than that and Pyodide's 3.14. What the
# two loops do in one Python is always compared.
VERSION_DIFFERENCES: list[tuple[str, tuple[int, int], str]] = [
    (r"\bwait_for\(", (3, 12), "wait_for awaits in the caller's task instead of making one"),
    (r"\bnumbers\(", (3, 12), "a generator's closing, cancelled before its first step, still begins"),
    (r"\beager_task_factory\b", (3, 14), "an eager task has its name before its first step"),
    (r"\bshield\(", (3, 14), "a shielded future's late exception goes to the exception handler"),
    (r"\.uncancel\(", (3, 13), "uncancel takes back a cancellation that was not delivered yet"),
]

DELAYS = ("0", "0.01", "0.02", "0.03", "0.05")


@dataclass(frozen=True)
class Place:
    """Where a statement stands."""

    functions: tuple[str, ...]  # those it may call
    depth: int  # blocks that may still be nested
    version: tuple[int, int]  # of Python
    eager: bool  # tasks begin eagerly
    group: bool = False  # inside a TaskGroup, `group`

    def inner(self, group: bool | None = None) -> Place:
        return Place(
            self.functions, self.depth - 1, self.version, self.eager, self.group if group is None else group
        )


delays = st.sampled_from(DELAYS)
small = st.integers(0, 3)
index = st.integers(0, 5)
truth = st.booleans()


def lit(*texts: str) -> st.SearchStrategy[str]:
    return st.sampled_from(texts)


def fill(template: str, *parts: st.SearchStrategy[object]) -> st.SearchStrategy[str]:
    """``template`` with a drawn value at each ``{}``."""
    return st.tuples(*parts).map(lambda values: template.format(*values))


def join(parts: st.SearchStrategy[str], least: int = 1, most: int = 3) -> st.SearchStrategy[str]:
    return st.lists(parts, min_size=least, max_size=most).map(", ".join)


@cache
def tasks_of(place: Place) -> st.SearchStrategy[str]:
    """An expression for a task."""
    old = fill("later({})", index)
    if not place.functions:
        return old
    functions = lit(*place.functions)
    found = [fill("spawn({})", functions), old]
    if place.version >= (3, 14):
        found.append(fill("spawn({}, eager_start={})", functions, truth))
    found.append(fill("spawn({}, context=contextvars.copy_context())", functions))
    return st.one_of(found)


@cache
def coroutines_of(place: Place) -> st.SearchStrategy[str]:
    return fill("make({})", lit(*place.functions)) if place.functions else lit("idle()")


@cache
def awaitables(place: Place, depth: int = 2) -> st.SearchStrategy[str]:
    """Something to await."""
    simple = [
        fill("asyncio.sleep({}, {})", delays, small),
        tasks_of(place),
        coroutines_of(place),
        fill("futures[{}]", st.integers(0, 2)),
    ]
    if depth == 0:
        return st.one_of(simple)
    inner = awaitables(place, depth - 1)
    tasks = tasks_of(place)
    limits = lit("None", *DELAYS)
    return st.one_of(
        *simple,
        fill("asyncio.gather({}, return_exceptions={})", join(inner), truth),
        fill("asyncio.shield({})", inner),
        fill("asyncio.wait_for({}, {})", inner, limits),
        fill("asyncio.wait([{}], timeout={}, return_when=asyncio.{})", join(tasks), limits,
             lit("FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED")),
        lit("lock.acquire()", "event.wait()", "semaphore.acquire()", "barrier.wait()", "queue.get()", "queue.join()"),
        fill("queue.put({})", small),
        fill("asyncio.ensure_future({})", inner),
    )  # fmt: skip


@cache
def callbacks(place: Place) -> st.SearchStrategy[str]:
    """A callback and its arguments."""
    found = [
        lit("say, 'callback #'", "boom, '#'", "event.set", "functools.partial(say, 'partial #')"),
        fill("settle, {}, {}", st.integers(0, 2), small),
        fill("fail, {}", st.integers(0, 2)),
        fill("futures[{}].cancel", st.integers(0, 2)),
        fill("pick({}).cancel", index),
    ]
    if place.functions:
        found.append(fill("spawn, {}", lit(*place.functions)))
    return st.one_of(found)


def guarded(body: Lines, kinds: str = "Exception") -> Lines:
    return ["try:", *indent(body), f"except {kinds} as error:", "    say('#', show(error))"]


def indent(lines: Lines) -> Lines:
    return ["    " + line for line in lines]


def one(text: str) -> Lines:
    return [text]


@cache
def immediate(place: Place) -> st.SearchStrategy[Lines]:
    """Statements that don't await."""
    either: list[st.SearchStrategy[str]] = [
        fill("say('#', pick({}).cancel({}))", index, lit("", "'message'")),
        fill("say('#', pick({}).uncancel())", index),
        fill("say('#', pick({0}).cancelling(), show(pick({0})))", index),
        lit(
            "say('#', asyncio.current_task().cancelling(), asyncio.current_task().uncancel())",
            "event.set()",
            "event.clear()",
            "semaphore.release()",
            "say('#', var.get())",
            "say('#', sorted(show(task) for task in asyncio.all_tasks()))",
            "time.sleep(0.01)",
            "time.sleep(0.02)",
        ),
        fill("var.set({})", small),
        fill("handles.append(loop().call_soon({}))", callbacks(place)),
        fill("handles.append(loop().call_soon_threadsafe({}))", callbacks(place)),
        fill("handles.append(loop().call_later({}, {}))", lit("-0.01", *DELAYS), callbacks(place)),
        fill("handles.append(loop().call_at(loop().time() + {}, {}))", lit("-0.01", *DELAYS), callbacks(place)),
        fill("handles[{} % len(handles)].cancel()", index),
        fill("settle({}, {})", st.integers(0, 2), small),
        fill("fail({})", st.integers(0, 2)),
        fill("futures[{}].cancel()", st.integers(0, 2)),
        fill("futures[{}].add_done_callback(told('done #'))", st.integers(0, 2)),
        fill("pick({}).add_done_callback(told('done #'))", index),
        fill("pick({}).set_name('renamed #')", index),
        lit("lock.release()", "say('#', barrier.n_waiting)"),
    ]  # fmt: skip
    ends = [
        "raise Err('#')",
        "raise asyncio.CancelledError('#')",
        "return #",
        "asyncio.current_task().cancel()",
    ]
    either.append(lit("say('#', show(asyncio.current_task()))", *ends))
    if place.functions:
        either.append(fill("spawn({})", lit(*place.functions)))
    if place.group:
        either.append(fill("grouped(group, {})", lit(*place.functions or ("idle",))))
    queues = [
        fill("queue.put_nowait({})", small),
        lit("say('#', queue.get_nowait())", "queue.task_done()", "say('#', queue.qsize())"),
    ]
    if place.version >= (3, 13):
        queues.append(lit("queue.shutdown()", "queue.shutdown(immediate=True)"))
    lines = st.one_of(either).map(one)
    return st.one_of(
        lines,
        lines,
        st.one_of(queues).map(lambda text: guarded([text], "QUEUE")),
        fill("pick({})", index).map(
            lambda text: guarded([f"say('#', show({text}.result()))"], "BaseException")
        ),
    )


@cache
def blocks(place: Place) -> st.SearchStrategy[Lines]:
    """Statements with others inside."""
    inner = body(place.inner())
    grouped = body(place.inner(group=True))
    conditions = lit(
        "await condition.wait()", "condition.notify()", "condition.notify_all()", "condition.notify(2)",
        "say('#', show(await condition.wait_for(lambda: event.is_set())))",
    )  # fmt: skip

    def block(head: str) -> Callable[[Lines], Lines]:
        return lambda lines: [head, *indent(lines)]

    def headed(
        head: st.SearchStrategy[str], lines: st.SearchStrategy[Lines] = inner
    ) -> st.SearchStrategy[Lines]:
        return st.tuples(head, lines).map(lambda pair: [pair[0], *indent(pair[1])])

    def handled(parts: tuple[Lines, str, Lines]) -> Lines:
        lines, kind, after = parts
        return [
            "try:",
            *indent(lines),
            f"except {kind} as error:",
            "    say('#', show(error))",
            *indent(after),
        ]

    def finished(parts: tuple[Lines, Lines]) -> Lines:
        return ["try:", *indent(parts[0]), "finally:", "    say('# finally')", *indent(parts[1])]

    singles = join(st.one_of(coroutines_of(place), fill("asyncio.sleep({}, {})", delays, small)))
    found = [
        st.tuples(
            inner,
            lit("Err", "Exception", "asyncio.CancelledError", "BaseException", "TimeoutError"),
            st.one_of(st.just(["pass"]), st.just(["raise"]), inner),
        ).map(handled),
        st.tuples(inner, inner).map(finished),
        headed(fill("async with asyncio.timeout({}):", lit("None", *DELAYS))),
        headed(fill("async with asyncio.timeout_at(loop().time() + {}):", delays)),
        st.tuples(delays, delays, inner).map(
            lambda parts: [
                f"async with asyncio.timeout({parts[0]}) as limit:",
                f"    limit.reschedule(loop().time() + {parts[1]})",
                *indent(parts[2]),
                "    say('#', limit.expired())",
            ]
        ),
        inner.map(block("async with lock:")),
        inner.map(block("async with semaphore:")),
        conditions.map(lambda text: ["async with condition:", "    " + text, "    say('# notified')"]),
        headed(fill("async with Manager('manager #', {}, {}, {}):", delays, delays, truth)),
        st.tuples(grouped, grouped).map(
            lambda parts: ["async with asyncio.TaskGroup() as group:", *indent(parts[0]), *indent(parts[1])]
        ),
        fill("async for x in numbers('numbers #', {}, {}):", small, delays).flatmap(
            lambda head: inner.map(lambda lines: [head, "    say('#', x)", *indent(lines)])
        ),
        fill("left.append(numbers('left #', 2, {}))", delays).map(
            lambda text: [text, "say('#', await anext(left[-1]))"]
        ),
        headed(lit("for _ in range(2):")),
    ]
    if not place.eager:  # of several that are done at once, as_completed's first is any
        found.append(
            fill("for first in asyncio.as_completed([{}], timeout={}):", singles, lit("None", *DELAYS)).map(
                lambda head: [head, "    say('#', show(await first))"]
            )
        )
        if place.version >= (3, 13):
            found.append(
                fill("async for done in asyncio.as_completed([{}]):", singles).map(
                    lambda head: [head, "    say('#', done.cancelled() or show(done.exception()))"]
                )
            )
    return st.one_of(found)


@cache
def statement(place: Place) -> st.SearchStrategy[Lines]:
    def waited(text: str) -> Lines:
        return ["say('# waits')", f"x = await {text}", "say('#', show(x))"]

    waits = awaitables(place).map(waited)
    guards = st.tuples(waits, lit("Exception", "BaseException", "asyncio.CancelledError")).map(
        lambda pair: guarded(*pair)
    )
    simple = st.one_of(immediate(place), waits, guards)
    return st.one_of(simple, simple, blocks(place)) if place.depth else simple


@cache
def body(place: Place, most: int = 4) -> st.SearchStrategy[Lines]:
    return st.lists(st.deferred(lambda: statement(place)), min_size=1, max_size=most).map(concat)


@cache
def guarded_body(place: Place, most: int) -> st.SearchStrategy[Lines]:
    """A body whose statements mostly survive the others' failures."""
    one = st.tuples(st.deferred(lambda: statement(place)), st.integers(0, 7))
    lists = st.lists(one, min_size=1, max_size=most)
    return lists.map(
        lambda drawn: concat([guarded(lines, "BaseException") if guard else lines for lines, guard in drawn])
    )


def concat(statements: list[Lines]) -> Lines:
    return [line for lines in statements for line in lines]


class Program(str):
    """A program's source, which Hypothesis needn't print."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Program(…)"


@st.composite
def programs(draw: st.DrawFn, version: tuple[int, int] | None = None) -> Program:
    """Source of a program for Python ``version``, by default the running one."""
    version = version or (sys.version_info[0], sys.version_info[1])
    eager = version >= (3, 12) and draw(st.integers(0, 5)) == 5
    count = draw(st.integers(1, 4))
    names = tuple(f"f{k}" for k in range(count))
    parts: Lines = []
    for k, name in enumerate(names):
        place = Place(names[k + 1 :], 2, version, eager)
        lines = draw(body(place))
        parts += [f"async def {name}():", "    say('begins')", *indent(lines), f"    return {k}", "", ""]
    kind = draw(lit("Queue", "PriorityQueue", "LifoQueue"))
    debug = draw(st.integers(0, 5)) == 5
    lines = draw(guarded_body(Place(names, 3, version, eager), 6))
    parts += [
        "async def main():",
        "    global begin, tasks, futures, handles, left, spawned",
        "    global lock, event, condition, semaphore, barrier, queue",
        "    begin, spawned, left = loop().time(), 0, []",
        "    loop().set_exception_handler(handler)",
        *(["    loop().set_task_factory(asyncio.eager_task_factory)"] if eager else []),
        "    tasks, handles = [asyncio.current_task()], [loop().call_soon(say, 'first')]",
        "    tasks[0].set_name('main')",
        "    futures = [loop().create_future() for _ in range(3)]",
        "    lock, event, condition = asyncio.Lock(), asyncio.Event(), asyncio.Condition()",
        f"    semaphore, barrier = asyncio.Semaphore({draw(st.integers(0, 2))}), asyncio.Barrier(2)",
        f"    queue = asyncio.{kind}({draw(st.integers(0, 2))})",
        *(f"    spawn({name})" for name in draw(st.lists(lit(*names), max_size=4))),
        *indent(lines),
        *(["    await asyncio.sleep(0.1)"] if draw(st.integers(0, 3)) else []),
        "    say('main ends')",
        "",
        "",
        "try:",
        f"    print(show(asyncio.run(main(){', debug=True' if debug else ''})))",
        "except BaseException as error:",
        "    print(show(error))",
        "    raise",
        "finally:",
        "    tasks = handles = left = futures = None",
        "    print(*sorted(late), sep='\\n')",
    ]
    pieces = "\n".join(parts).split("#")
    numbered = "".join(f"{piece}{k}" for k, piece in enumerate(pieces[:-1], 1)) + pieces[-1]
    return Program(PRELUDE + "\n" + numbered + "\n")
