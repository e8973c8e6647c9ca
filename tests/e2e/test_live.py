"""Somebody watches a program while it runs."""

from __future__ import annotations

import re

import pytest
from e2e.scope import PATIENCE, Scope
from playwright.sync_api import expect

SWITCHES = """\
import asyncio

async def switch(times):
    for _ in range(times):
        await asyncio.sleep(0)

async def main():
    await asyncio.gather(switch(50_000), switch(50_000))
    print('100,000 switches')
    while True:  # until Stop is pressed
        await asyncio.sleep(0)

asyncio.run(main())
"""

BLOCKS = """\
import asyncio, time

async def main():
    print('begun')
    await asyncio.sleep(0)
    time.sleep(60)

asyncio.run(main())
"""

SPINS = """\
import asyncio

async def main():
    print('begun')
    await asyncio.sleep(0)
    while True:
        pass

asyncio.run(main())
"""


def clock_of(scope: Scope) -> float:
    """Where the run's clock stands, by the words beside the step buttons: seconds."""
    text = scope.page.get_by_text(re.compile(r"^t = [\d.]+ s$")).inner_text()
    return float(text.split()[2])


def test_a_hundred_thousand_task_switches_stream_while_the_page_answers(scope: Scope) -> None:
    scope.start(SWITCHES)
    # All of this happens while the program runs.
    scope.program.press("ControlOrMeta+End")
    scope.page.keyboard.type("# typed meanwhile")
    expect(scope.program).to_contain_text("# typed meanwhile")
    scope.tab("Told in words")
    expect(scope.told().first).to_contain_text("main starts")
    scope.tab("Selected")
    scope.forward.click()
    expect(scope.panel.get_by_role("heading", name=re.compile("^main, step 1 of"))).to_be_visible()
    scope.task(re.compile("^switch.*")).first.click()
    scope.page.get_by_role("button", name="Zoom in").click()
    scope.page.get_by_role("button", name="Follow").click()
    expect(scope.output).to_have_text("100,000 switches", timeout=PATIENCE)
    expect(scope.status).to_have_text("Running")
    rows = scope.task(re.compile(r"^switch \d: 50,001 steps, finished"))
    expect(rows).to_have_count(2)
    scope.stop()
    expect(scope.task(re.compile(r"^loop: [\d,]+ handles"))).to_be_visible()
    # Nothing was lost on the way.
    expect(scope.tab("Findings")).not_to_contain_text("not recorded")


@pytest.mark.parametrize("program", [pytest.param(BLOCKS, id="blocks"), pytest.param(SPINS, id="spins")])
def test_a_step_that_runs_on_is_drawn_as_it_grows(scope: Scope, program: str) -> None:
    scope.clock.select_option("real")
    scope.start(program)
    expect(scope.output).to_have_text("begun")
    expect(scope.task(re.compile("^main: 1 step, runs"))).to_be_visible()
    early, picture = clock_of(scope), scope.picture()
    expect(scope.page.get_by_text(f"t = {early:.3f} s")).to_have_count(0)
    assert clock_of(scope) > early
    # A drawing that is dear is not repeated at every frame.
    frames = 0
    while scope.picture() == picture:
        scope.frame()
        frames += 1
        assert frames < 600, "ten seconds of frames, and nothing grew"
    # The open step tells of itself.
    scope.task(re.compile("^main: 1 step, runs")).click()
    scope.page.keyboard.press("End")
    for _ in range(4):
        scope.page.keyboard.press("ArrowRight")
    told = scope.timeline.locator("[aria-live=polite]").filter(has_text="main is running now")
    expect(told).to_contain_text("so far")
    scope.stop()


def test_the_timeline_follows_a_running_program_until_it_is_moved(scope: Scope) -> None:
    scope.clock.select_option("real")
    scope.start(
        "import asyncio\n"
        "async def main():\n"
        "    while True:\n"
        "        print('tick')\n"
        "        await asyncio.sleep(0.02)\n"
        "asyncio.run(main())\n"
    )
    expect(scope.output).to_contain_text("tick tick tick")
    follow = scope.page.get_by_role("button", name="Follow")
    expect(follow).to_be_hidden()
    scope.page.get_by_role("button", name="Zoom in").click()
    expect(follow).to_be_visible()
    follow.click()
    expect(follow).to_be_hidden()
    scope.stop()
    expect(follow).to_be_hidden()


def test_what_a_program_writes_is_there_before_it_ends(scope: Scope) -> None:
    scope.clock.select_option("real")
    scope.start("import time\nprint('first')\ntime.sleep(60)\nprint('last')\n")
    expect(scope.output).to_have_text("first")
    expect(scope.status).to_have_text("Running")
    scope.stop()


def test_a_loop_that_was_held_or_stopped_waited_for_nothing_from_outside(scope: Scope) -> None:
    scope.clock.select_option("real")
    scope.start("import asyncio\nasync def main():\n    await asyncio.sleep(600)\nasyncio.run(main())\n")
    expect(scope.task("main: 1 step, waits for sleep(600)")).to_be_visible()
    scope.page.get_by_role("button", name="Pause").click()
    expect(scope.status).to_contain_text("held before")
    legend = scope.timeline.get_by_role("list", name="Legend")
    expect(legend).to_contain_text("sleeps")
    expect(legend).not_to_contain_text("waits for I/O")
    scope.page.get_by_role("button", name="Continue").click()
    expect(scope.status).to_have_text("Running")
    scope.stop()
    expect(legend.get_by_role("listitem").filter(has_text="asked to cancel")).to_be_visible()
    expect(legend.get_by_role("listitem").filter(has_text="cancelled")).to_be_visible()
    expect(legend).not_to_contain_text("waits for I/O")


def test_a_program_that_is_paused_before_it_begins_is_held(scope: Scope) -> None:
    scope.write(
        "import asyncio\nasync def main():\n    while True:\n        await asyncio.sleep(0)\nasyncio.run(main())\n"
    )
    # In one turn of the page: Python has heard of neither.
    scope.run_button.evaluate("""button => {
      button.click();
      dispatchEvent(new KeyboardEvent('keydown', { key: 'F8' }));
    }""")
    expect(scope.status).to_contain_text("held before main")
    scope.stop()
