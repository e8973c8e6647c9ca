"""Somebody stops a program that does not end, and runs the next one."""

from __future__ import annotations

import re

import pytest
from e2e.conftest import OpenPage
from e2e.scope import Scope
from playwright.sync_api import expect

BUSY = """\
print('begun')
while True:
    pass
"""

BUSY_IN_A_TASK = """\
import asyncio

async def main():
    print('begun')
    await asyncio.sleep(0)
    while True:
        pass

asyncio.run(main())
"""

SLEEPS = """\
import asyncio

async def main():
    print('begun')
    while True:
        await asyncio.sleep(1)

asyncio.run(main())
"""

DEADLOCK = """\
import asyncio

async def main():
    print('begun')
    await asyncio.Event().wait()

asyncio.run(main())
"""

SWALLOWS = """\
print('begun')
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""

SWALLOWS_WHILE_AWAITING = """\
import asyncio

async def main():
    print('begun')
    while True:
        try:
            await asyncio.sleep(1)
        except BaseException:
            pass

asyncio.run(main())
"""

BLOCKS = """\
import time
print('begun')
time.sleep(3600)
"""


@pytest.mark.parametrize(
    ("program", "clock"),
    [
        pytest.param(BUSY, "virtual", id="busy"),
        pytest.param(BUSY_IN_A_TASK, "virtual", id="busy in a task"),
        pytest.param(SLEEPS, "virtual", id="sleeps in virtual time"),
        pytest.param(SLEEPS, "real", id="sleeps in real time"),
        pytest.param(DEADLOCK, "virtual", id="deadlock"),
        pytest.param(SWALLOWS, "virtual", id="swallows the interrupt"),
        pytest.param(SWALLOWS_WHILE_AWAITING, "virtual", id="swallows the interrupt while it awaits"),
        pytest.param(BLOCKS, "real", id="blocks in time.sleep"),
    ],
)
def test_an_endless_program_is_stopped_and_the_next_one_runs(scope: Scope, program: str, clock: str) -> None:
    scope.clock.select_option(clock)
    scope.start(program)
    expect(scope.output).to_contain_text("begun")
    expect(scope.stop_button).to_be_enabled()
    scope.stop()
    # What happened before is still there.
    assert scope.printed()[0] == "begun"
    if "async" in program:
        assert (scope.task("main: ").get_attribute("aria-label") or "").startswith("main: ")
        expect(scope.told().first).to_contain_text("main starts: started by the program")
    expect(scope.stop_button).to_be_disabled()
    scope.run("print('again')")
    scope.expect_output("again")


def test_a_deadlock_is_told_while_it_lasts(scope: Scope) -> None:
    scope.start(DEADLOCK)
    expect(scope.status).to_have_text("Running, deadlock: nothing can wake it")
    # Who looks at nothing yet is shown why.
    findings = scope.page.get_by_role("tabpanel", name="Findings")
    expect(findings).to_contain_text("Deadlock: nobody will ever set")
    scope.stop()
    expect(findings).to_contain_text("Deadlock: nobody will ever set")


EACH_OTHER = """\
import asyncio

async def wait_for(name):
    await asyncio.sleep(0)
    print('waits for', name)
    await tasks[name]

async def main():
    for name, other in ('ab', 'ba'):
        tasks[name] = asyncio.create_task(wait_for(other))
    await asyncio.sleep(1)
    await tasks['a']

tasks = {}
asyncio.run(main())
"""


def test_tasks_that_wait_for_each_other_are_stopped_as_cpython_does_and_python_lives_on(scope: Scope) -> None:
    scope.start(EACH_OTHER)
    expect(scope.status).to_have_text("Running, deadlock: nothing can wake it")
    scope.stop_button.click()
    expect(scope.status).to_contain_text("Failed · RecursionError at line 15")
    assert scope.printed()[:2] == ["waits for b", "waits for a"]
    findings = scope.page.get_by_role("tabpanel", name="Findings")
    expect(findings).to_contain_text("Two that wait for each other's end never end")
    scope.run("print('again')")
    scope.expect_output("again")


CLEANS_UP = """\
import asyncio

async def main():
    try:
        print('begun')
        await asyncio.Event().wait()
    finally:
        print('cleaned up')

asyncio.run(main())
"""

# What is told to a program arrives late: the sandbox has other things to do.
BUSY_SANDBOX = """
if (self !== top) {
  const { store } = Atomics;
  Atomics.store = (words, word, value) => {
    if (value === 2) for (const end = performance.now() + 800; performance.now() < end;);
    return store(words, word, value);
  };
}
"""


def test_stopping_cancels_the_main_task_as_ctrl_c_does(scope: Scope) -> None:
    scope.start(CLEANS_UP)
    expect(scope.output).to_have_text("begun")
    scope.stop()
    expect(scope.output).to_contain_text("begun cleaned up")
    expect(scope.task("main: 2 steps, cancelled")).to_be_visible()


WAITS_WHILE_IT_CLEANS_UP = """\
import asyncio

async def main():
    try:
        print('begun')
        await asyncio.sleep(1000)
    finally:
        await asyncio.sleep({})
        print('saved')

asyncio.run(main())
"""


def stop_what_cleans_up(scope: Scope, seconds: int) -> None:
    scope.clock.select_option("real")
    scope.start(WAITS_WHILE_IT_CLEANS_UP.format(seconds))
    expect(scope.output).to_contain_text("begun")
    scope.stop_button.click()
    expect(scope.status).to_contain_text("it cleans up: Stop, pressed again, ends it at once")


def test_a_program_that_waits_while_it_cleans_up_is_given_the_time(scope: Scope) -> None:
    stop_what_cleans_up(scope, 2)
    expect(scope.status).to_have_text("Stopped")
    expect(scope.output).to_contain_text("saved")


def test_stop_pressed_again_ends_what_still_cleans_up(scope: Scope) -> None:
    stop_what_cleans_up(scope, 1000)
    scope.page.wait_for_timeout(300)
    scope.stop_button.click()
    expect(scope.status).to_contain_text("it was ended before it had cleaned up")
    scope.run("print('again')")
    scope.expect_output("again")


def test_a_machine_that_is_slow_with_everything_gives_a_program_longer_to_stop(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script(BUSY_SANDBOX)
    scope = Scope(page).open()
    scope.start(CLEANS_UP)
    expect(scope.output).to_have_text("begun")
    scope.stop()
    expect(scope.status).to_have_text("Stopped")
    expect(scope.output).to_contain_text("begun cleaned up")


def test_what_was_ended_by_force_is_not_shown_as_running(scope: Scope) -> None:
    scope.start(
        "import asyncio\n"
        "async def main():\n"
        "    await asyncio.sleep(0)\n"
        "    print('begun')\n"
        "    while True:\n"
        "        try:\n"
        "            while True: pass\n"
        "        except BaseException: pass\n"
        "asyncio.run(main())\n"
    )
    expect(scope.output).to_have_text("begun")
    scope.stop()
    expect(scope.task(re.compile("^main: .*, runs$"))).to_have_count(0)


def test_another_program_may_be_opened_while_one_runs(scope: Scope) -> None:
    scope.start(BUSY)
    scope.page.get_by_role("button", name="Examples").click()
    scope.page.get_by_role("menuitemradio", name="Two tasks take turns").click()
    expect(scope.status).not_to_have_text("Running")
    expect(scope.output).to_contain_text("Running in foo")
    scope.run("print('again')")
    scope.expect_output("again")
