"""Somebody opens the page on a phone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from e2e.conftest import OpenPage
from e2e.default_run import LINES, ROWS
from e2e.scope import HeldPython, Scope, link
from playwright.sync_api import FloatRect, Locator, Page, expect

Point = tuple[float, float]

ONE_AFTER_THE_OTHER = """\
import asyncio
async def main():
    for _ in range(300):
        await asyncio.create_task(asyncio.sleep(0.01))
asyncio.run(main())
"""
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_a_program_is_run_and_looked_at_with_a_thumb(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    page.goto("/")
    scope = Scope(page)
    panes = page.get_by_role("navigation", name="Panes")
    expect(scope.program).to_be_visible()
    expect(scope.output).to_be_hidden()
    expect(scope.timeline).to_be_hidden()
    # Nothing stands out at the side.
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    panes.get_by_role("button", name="Output").tap()
    scope.expect_output(*LINES)
    expect(scope.program).to_be_hidden()
    panes.get_by_role("button", name="Program").tap()
    scope.wait_until_ready()
    # Run is in the thumb's reach, and large enough for it.
    box = scope.run_button.bounding_box()
    assert box
    assert box["y"] > 844 / 2
    assert box["height"] >= 40
    scope.run_button.tap()
    expect(scope.status).to_have_text("Finished", timeout=60_000)
    # What happened is what one wants to see.
    expect(scope.timeline).to_be_visible()
    scope.expect_tasks(*ROWS)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_timeline_is_touched(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    page.goto("/")
    scope = Scope(page)
    page.get_by_role("navigation", name="Panes").get_by_role("button", name="Timeline").tap()
    expect(scope.task("foo: 2 steps, finished")).to_be_visible()
    row = scope.task("foo: 2 steps, finished").bounding_box()
    plot = scope.canvas.bounding_box()
    assert row
    assert plot
    assert row["height"] >= 32

    # A tap selects, and the panel tells what.
    left = row["x"] + row["width"]
    y = row["y"] + row["height"] / 2
    heading = scope.panel.get_by_role("heading", name=re.compile("^foo"))
    for step in range(1, 16):
        page.touchscreen.tap(left + (plot["x"] + plot["width"] - left) * step / 16, y)
        scope.frame()
        if heading.is_visible():
            break
    expect(heading).to_be_visible()
    expect(scope.forward).to_be_in_viewport()
    scope.forward.tap()

    # Two fingers zoom, one moves.
    before = scope.picture()
    touch(page, [(200, y), (260, y)], [(150, y), (330, y)])
    zoomed = scope.picture_after(before)
    touch(page, [(300, y)], [(200, y)])
    scope.picture_after(zoomed)
    page.get_by_role("button", name="Fit").tap()


NOBODY_SETS = """\
import asyncio
async def main():
    await asyncio.Event().wait()
asyncio.run(main())
"""
# Whether all words can be read: none is cut off by an edge, and none lies outside of the window.
CUT = """status => [status, ...status.querySelectorAll('*')].some(part => {
  const { left, right, bottom } = part.getBoundingClientRect();
  const cuts = getComputedStyle(part).overflowX !== 'visible';
  const over = part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1;
  return cuts && over || left < 0 || right > innerWidth || bottom > innerHeight;
})"""


@pytest.mark.parametrize("width", [320, 390, 768])
def test_what_has_become_of_the_program_can_be_read(open_page: OpenPage, width: int) -> None:
    page = open_page(**{**PHONE, "viewport": {"width": width, "height": 844}})
    scope = Scope(page).open(link(NOBODY_SETS))
    scope.run_button.tap()
    expect(scope.status).to_have_text("Running, deadlock: nothing can wake it", timeout=60_000)
    assert not scope.status.evaluate(CUT)
    # The words take nothing from the buttons, and lie over nothing.
    words, run, stop = map(bounding_box, (scope.status, scope.run_button, scope.stop_button))
    assert min(run["width"], stop["width"], run["height"] + 12, stop["height"] + 12) >= 44
    assert words["y"] + words["height"] <= run["y"] or stop["x"] + stop["width"] <= words["x"]
    panel = bounding_box(scope.panel)
    assert panel["y"] + panel["height"] <= words["y"] or words["y"] + words["height"] <= panel["y"]
    scope.stop_button.tap()
    expect(scope.status).to_have_text(re.compile("^Stopped"))
    page.evaluate("link => { location.hash = link }", link("1 / 0"))
    expect(scope.status).to_have_text(re.compile("^Ready"))
    scope.run_button.tap()
    expect(scope.status).to_have_text("Failed · ZeroDivisionError at line 1")
    assert not scope.status.evaluate(CUT)


def touch(page: Page, start: Sequence[Point], end: Sequence[Point]) -> None:
    """Put fingers down, move them, lift them."""
    session = page.context.new_cdp_session(page)

    def points(at: Sequence[Point]) -> list[dict[str, float]]:
        return [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(at)]

    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points(start)})
    for part in (0.25, 0.5, 0.75, 1):
        between = [
            (a + (c - a) * part, b + (d - b) * part) for (a, b), (c, d) in zip(start, end, strict=True)
        ]
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points(between)})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def test_turning_the_phone_keeps_everything(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    page.goto("/")
    scope = Scope(page)
    page.get_by_role("navigation", name="Panes").get_by_role("button", name="Timeline").tap()
    page.set_viewport_size({"width": 844, "height": 390})
    expect(scope.timeline).to_be_visible()
    expect(scope.run_button).to_be_in_viewport()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(scope.timeline).to_be_visible()
    scope.expect_tasks(*ROWS)


def test_finished_tasks_are_unfolded_and_folded_with_a_thumb(open_page: OpenPage) -> None:
    scope = Scope(open_page(**PHONE)).open(link(ONE_AFTER_THE_OTHER))
    page = scope.page
    scope.run_button.tap()
    expect(scope.status).to_have_text("Finished", timeout=60_000)
    for _ in range(3):
        page.get_by_role("button", name="Zoom in").tap()
    fold = scope.task(re.compile(r"^\d+ finished tasks: ended before what is in view"))
    expect(fold).to_have_attribute("aria-expanded", "false")
    fold.tap()
    expect(fold).to_have_attribute("aria-expanded", "true")
    unfolded = int(scope.tasks.get_attribute("aria-rowcount") or 0)
    fold.tap()
    expect(fold).to_have_attribute("aria-expanded", "false")
    assert int(scope.tasks.get_attribute("aria-rowcount") or 0) < unfolded - 50


def test_a_run_without_tasks_shows_what_it_printed(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    scope = Scope(page).open(link("print('hello')"))
    scope.run_button.tap()
    expect(scope.status).to_have_text("Finished", timeout=60_000)
    expect(scope.output).to_be_visible()
    scope.expect_output("hello")
    panes = page.get_by_role("navigation", name="Panes")
    panes.get_by_role("button", name="Program").tap()
    scope.write("x = 1\nif x\n")
    scope.run_button.tap()
    expect(scope.status).to_have_text("Failed · SyntaxError at line 2")
    expect(scope.output).to_be_visible()
    panes.get_by_role("button", name="Timeline").tap()
    expect(scope.timeline).to_contain_text("The program did not start: SyntaxError at line 2.")


TWINS = """\
import asyncio
async def download(n):
    for _ in range(n):
        await asyncio.sleep(0)
    print("done")
async def child():
    pass
async def main():
    named = [asyncio.create_task(child(), name=f"child with a long name number {n}") for n in range(1, 4)]
    await asyncio.gather(*named, *map(download, [1, 5, 12]))
asyncio.run(main())
"""


def test_tasks_of_one_kind_are_told_apart(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 390, "height": 1400}, has_touch=True, is_mobile=True)
    scope = Scope(page).open(link(TWINS))
    scope.run_button.tap()
    expect(scope.status).to_have_text("Finished", timeout=60_000)
    names = scope.tasks.locator(".ls-name")
    cut = "names => names.filter(name => name.scrollWidth > name.clientWidth).map(name => name.textContent)"
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 1400})
        expect(names.filter(has_text="download")).to_have_count(3)
        shown = names.all_text_contents()
        assert shown == list(dict.fromkeys(shown))
        assert names.evaluate_all(cut) == []
    # One form for all of them, whatever number of steps stands beside it.
    assert [name for name in shown if "(" in name] == []
    assert [name for name in shown if name.startswith("download")] == [
        "download 2",
        "download 3",
        "download 4",
    ]
    steps = scope.tasks.locator(".ls-steps").filter(has_text="step")
    assert all(box["x"] > 0 and box["width"] > 20 for box in map(bounding_box, steps.all()))
    # The output names its writers as the rows do.
    writers = scope.output.locator("[data-who]").evaluate_all("lines => lines.map(line => line.dataset.who)")
    assert writers == ["download 2", "download 3", "download 4"]


def bounding_box(locator: Locator) -> FloatRect:
    box = locator.bounding_box()
    assert box
    return box


@pytest.mark.parametrize("width", [720, 768, 844, 979, 980, 1024])
def test_between_phone_and_desk_nothing_lies_over_the_status(open_page: OpenPage, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 600})
    HeldPython(page)
    page.goto("/")
    scope = Scope(page)
    expect(scope.status).to_have_text(re.compile("^Loading Python"))
    scope.clock.select_option("virtual 0.001")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    word = bounding_box(page.locator(".status-word"))
    assert word["width"] > 60
    edges = [
        bounding_box(scope.clock),
        word,
        bounding_box(page.get_by_role("button", name="Trace", exact=True)),
        bounding_box(scope.share_button),
        bounding_box(page.get_by_role("link", name="Lessons", exact=True)),
        bounding_box(page.get_by_role("button", name="Help")),
    ]
    for left, right in pairwise(edges):
        assert left["x"] + left["width"] <= right["x"] + 0.5


def test_what_stands_in_line_is_large_enough_for_a_thumb(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    HeldPython(page)
    page.goto("/")
    scope = Scope(page)
    page.get_by_role("navigation", name="Panes").get_by_role("button", name="Timeline").tap()
    expect(scope.task("foo: 2 steps, finished")).to_be_visible()
    state = scope.tab("State at t")
    scope.forward.tap()
    assert bounding_box(state.get_by_role("link", name="foo").first)["height"] >= 40


def test_the_tools_keep_clear_of_the_line_below_the_overview(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 1440, "height": 900})
    scope = Scope(page).open(link(ONE_AFTER_THE_OTHER))
    scope.run()
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        if width == 390:
            page.get_by_role("navigation", name="Panes").get_by_role("button", name="Timeline").click()
        scope.frame()
        line = bounding_box(scope.canvas)["y"] + (36 if width == 1440 else 28)
        tools = scope.timeline.locator(".ls-rowtools :is(input, select, button):visible")
        assert tools.count() == (3 if width == 1440 else 1)
        for box in map(bounding_box, tools.all()):
            assert box["y"] + box["height"] <= line - 2 or box["y"] >= line + 2
