"""A run is kept, the program edited and run again: what is longer, and where the two part."""

from __future__ import annotations

from e2e.scope import Scope
from e2e.test_accessible import expect_no_barrier
from playwright.sync_api import expect

PROGRAM = """\
import asyncio

async def fetch(name, seconds):
    await asyncio.sleep(seconds)
    print(name)

async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(fetch("a", 0.1), name="a")
        group.create_task(fetch("b", 0.2), name="b")

asyncio.run(main())
"""


def test_two_runs_are_laid_side_by_side(scope: Scope) -> None:
    scope.run(PROGRAM)
    scope.choose("Keep this run")
    offer = scope.page.get_by_text("Kept run and this one:")
    expect(offer).to_have_count(0)
    scope.run(PROGRAM.replace("0.1", "0.4"))
    expect(offer).to_be_visible()
    scope.page.get_by_role("button", name="Compare", exact=True).click()
    dialog = scope.page.get_by_role("dialog", name="Two runs compared")
    told = dialog.get_by_role("list", name="What is different").get_by_role("listitem")
    expect(told).to_have_text(
        [
            "The kept run took 200 ms, this one 400 ms: 200 ms longer.",
            "3 tasks are in both.",
            "The first difference is in a, at t = 0 s: in the kept run it waits for sleep(0.1), "
            "in this one it waits for sleep(0.4).",
            "They are alike for the first 4 handles, then they part: the kept run ran a at "
            "t = 100 ms, this one ran b at t = 200 ms.",
            "Lived longer or shorter: a: 300 ms longer; main: 200 ms longer.",
        ]
    )
    named = scope.page.get_by_role("rowheader", name="a", exact=True)
    cells = dialog.get_by_role("row").filter(has=named).get_by_role("cell")
    assert cells.all_inner_texts()[1:] == ["100 ms", "400 ms", "300 ms longer"]
    legend = dialog.get_by_role("list", name="Legend").get_by_role("listitem")
    expect(legend).to_have_text(["runs", "ready", "sleeps", "waits for a task"])
    expect_no_barrier(scope, "comparison")
    scope.page.emulate_media(color_scheme="light")
    scope.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(scope.run_button).to_be_enabled()
    # The menu has it, too.
    scope.choose("Compare with the kept run")
    expect(dialog).to_be_visible()
    scope.page.keyboard.press("Escape")


def test_what_a_width_means_is_said_and_where_two_runs_part_only_if_they_do(scope: Scope) -> None:
    page = scope.page
    dialog = page.get_by_role("dialog", name="Two runs compared")
    where = dialog.get_by_text("The upright line is where the two part.")
    line = dialog.locator("svg .part")
    scope.run(PROGRAM)
    scope.choose("Keep this run")
    scope.run(PROGRAM.replace("0.1", "0.4"))
    scope.choose("Compare with the kept run")
    expect(where).to_be_visible()
    assert line.count() > 0
    expect(dialog.get_by_text("every step has a width of its own")).to_be_visible()
    page.keyboard.press("Escape")
    scope.run(PROGRAM)
    scope.choose("Compare with the kept run")
    expect(dialog.get_by_text("same order in both")).to_be_visible()
    expect(where).to_be_hidden()
    assert line.count() == 0
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
