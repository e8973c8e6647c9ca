"""Somebody looks at a run closely: moment by moment, by mouse and by keyboard."""

from __future__ import annotations

import re

import pytest
from e2e.default_run import FACTS, MARKS, TOLD
from e2e.scope import Scope
from playwright.sync_api import expect


@pytest.fixture
def recorded(scope: Scope) -> Scope:
    """The default program, as the menu opens it: with its recorded run, looked at from its end."""
    scope.page.get_by_role("button", name="Examples").click()
    scope.page.get_by_role("menuitemradio", name="Two tasks take turns").click()
    expect(scope.page.get_by_text("recorded run")).to_be_visible()
    expect(scope.task("bar: 2 steps, finished")).to_be_visible()
    return scope


def spoken(scope: Scope) -> str:
    """What a screen reader says of the timeline's selection."""
    return scope.timeline.locator("div[aria-live=polite]").text_content() or ""


def test_the_rows_tell_of_each_segment_by_keyboard(recorded: Scope) -> None:
    recorded.task("foo: 2 steps, finished").click()
    said = [spoken(recorded)]
    for _ in range(3):
        recorded.page.keyboard.press("ArrowRight")
        said.append(spoken(recorded))
    assert said == [
        "foo is ready and waits for its turn, at 0 s; created by main at line 18",
        "foo runs step 1 of 2, then yields: sleep(0), line 6, at 0 s; created by main at line 18",
        "foo is ready and waits for its turn, at 0 s; it yielded and took its next turn",
        "foo runs step 2 of 2 and returns, at 0 s; it yielded and took its next turn",
    ]
    assert recorded.selected() == FACTS[3]
    assert recorded.marked() == MARKS[3]
    recorded.page.keyboard.press("ArrowUp")
    assert spoken(recorded) == "main waits for gather, line 18, at 0 s; gather is done"
    expect(recorded.task("main: 2 steps, finished")).to_be_focused()
    expect(recorded.task("main: 2 steps, finished")).to_have_attribute("aria-selected", "true")
    recorded.page.keyboard.press("Escape")
    assert spoken(recorded) == ""
    assert recorded.marked() == []


def test_comma_and_full_stop_step_from_anywhere_but_the_editor(recorded: Scope) -> None:
    recorded.run_button.focus()
    recorded.page.keyboard.press(".")
    recorded.page.keyboard.press(".")
    assert recorded.selected() == FACTS[1]
    recorded.page.keyboard.press(",")
    assert recorded.selected() == FACTS[0]
    recorded.program.focus()
    recorded.page.keyboard.press("ControlOrMeta+Home")
    recorded.page.keyboard.type(".")
    assert recorded.selected() == FACTS[0]
    assert recorded.text().startswith(".import")


def test_first_and_last_step(recorded: Scope) -> None:
    recorded.page.get_by_role("button", name="Last step").click()
    expect(recorded.page.get_by_text(re.compile(r"^step (\d+) of \1$"))).to_be_visible()
    recorded.page.get_by_role("button", name="First step").click()
    assert recorded.selected() == FACTS[0]
    recorded.back.click()
    assert recorded.selected() == FACTS[0]


def test_the_pointer_on_a_segment_tells_what_it_is_and_a_click_selects_it(recorded: Scope) -> None:
    row = recorded.task("foo: 2 steps, finished").bounding_box()
    plot = recorded.canvas.bounding_box()
    assert row
    assert plot
    left = row["x"] + row["width"]
    right = plot["x"] + plot["width"]
    y = row["y"] + row["height"] / 2
    cards: dict[str, float] = {}
    for step in range(60):
        x = left + (right - left) * (step + 0.5) / 60
        recorded.page.mouse.move(x, y)
        recorded.frame()
        card = recorded.timeline.locator(".ls-card")
        if card.is_visible():
            cards.setdefault(card.inner_text().replace("\n", "; "), x)
    texts = list(cards)
    assert [text.split(";")[0] for text in texts] == [
        "foo is ready and waits for its turn",
        "foo runs step 1 of 2, then yields: sleep(0)",
        "foo is ready and waits for its turn",
        "foo runs step 2 of 2 and returns",
    ]
    assert "line 6" in texts[1]
    assert "created by main at line 18" in texts[1]
    assert "Running in foo" in texts[1]
    assert "it yielded and took its next turn" in texts[3]

    recorded.page.mouse.click(cards[texts[1]] + 4, y)
    expect(recorded.panel.get_by_role("heading", name="foo, step 1 of 2")).to_be_visible()
    assert recorded.selected() == FACTS[1]
    assert recorded.marked() == MARKS[1]


def test_a_sentence_of_the_story_leads_to_its_moment(recorded: Scope) -> None:
    recorded.told().nth(2).click()
    expect(recorded.told().nth(2)).to_have_text(TOLD[2], use_inner_text=True)
    recorded.tab("Selected")
    assert recorded.selected() == FACTS[2]


LONG = """\
import asyncio

async def main():
    for turn in range(400):
        await asyncio.sleep(0.001)
        if turn in (30, 350):
            print("turn", turn)

asyncio.run(main())
"""


def test_the_story_follows_the_step_that_is_looked_at(scope: Scope) -> None:
    scope.settle()
    scope.run(LONG)
    told = scope.told()
    current = scope.panel.locator("[aria-current=step]")
    expect(current).to_have_count(0)
    # Further on than the story is shown at first.
    for turn in ("turn 350", "turn 30"):
        scope.output.get_by_text(turn).click()
        expect(current).to_contain_text(f"It prints “{turn}”")
        expect(current).to_be_in_viewport(ratio=1)
    scope.forward.click()
    expect(current).to_contain_text("0.032 s")
    # Who scrolls reads something else, and is left alone.
    told.first.scroll_into_view_if_needed()
    expect(current).not_to_be_in_viewport()
    scope.output.get_by_text("turn 350").click()
    expect(current).to_be_in_viewport(ratio=1)
    earlier = scope.panel.get_by_role("button", name="Show earlier")
    earlier.click()
    earlier.click()
    expect(earlier).to_be_hidden()
    expect(told.first).to_contain_text("0.000 s")
    expect(current).to_contain_text("It prints “turn 350”")


def test_a_line_of_output_leads_to_the_step_that_wrote_it(recorded: Scope) -> None:
    recorded.output.get_by_text("Explicit context switch to foo again").click()
    expect(recorded.panel.get_by_role("heading", name="foo, step 2 of 2")).to_be_visible()


def test_the_state_at_a_moment_is_told(recorded: Scope) -> None:
    for _ in range(3):
        recorded.forward.click()
    state = recorded.tab("State at t")
    # bar has run its first step and yielded: foo is next, and bar after it.
    expect(state.get_by_role("list").first.get_by_role("listitem")).to_have_text(["foo", "bar"])
    expect(state).to_contain_text("main waits for gather")


def test_the_timeline_is_zoomed_moved_and_fitted(recorded: Scope) -> None:
    page = recorded.page
    recorded.task("main: 2 steps, finished").focus()
    recorded.canvas.hover()
    whole = recorded.picture()
    page.keyboard.press("w")
    zoomed = recorded.picture_after(whole)
    page.keyboard.press("d")
    assert recorded.picture_after(zoomed) != whole
    page.keyboard.press("f")
    recorded.expect_picture(whole)
    page.get_by_role("button", name="Zoom in").click()
    recorded.canvas.hover()
    recorded.picture_after(whole)
    page.get_by_role("button", name="Fit").click()
    recorded.canvas.hover()
    recorded.expect_picture(whole)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    zoomed = recorded.picture_after(whole)
    # Dragged by the mouse.
    box = recorded.canvas.bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 120, middle[1], steps=4)
    page.mouse.up()
    recorded.picture_after(zoomed)


def test_escape_leaves_the_editors_tab_trap(recorded: Scope) -> None:
    recorded.program.focus()
    recorded.page.keyboard.press("Tab")
    expect(recorded.program).to_be_focused()
    assert recorded.text().startswith("    import")
    recorded.page.keyboard.press("Escape")
    recorded.page.keyboard.press("Tab")
    expect(recorded.program).not_to_be_focused()
    # Back in, Tab indents again.
    recorded.page.keyboard.press("Shift+Tab")
    recorded.program.focus()
    recorded.page.keyboard.press("Tab")
    expect(recorded.program).to_be_focused()


def test_the_panel_and_the_splitters_work_by_keyboard(recorded: Scope) -> None:
    recorded.page.get_by_role("tab", name="Selected").focus()
    recorded.page.keyboard.press("ArrowLeft")
    expect(recorded.page.get_by_role("tab", name="Told in words")).to_be_focused()
    expect(recorded.page.get_by_role("tabpanel", name="Told in words")).to_be_visible()
    splitter = recorded.page.get_by_role("separator", name="Width of the program")
    before = recorded.program.bounding_box()
    splitter.press("ArrowRight")
    after = recorded.program.bounding_box()
    assert before
    assert after
    assert after["width"] > before["width"]
    expect(splitter).to_have_attribute("aria-valuenow", "44")
    splitter.dblclick()
    expect(splitter).to_have_attribute("aria-valuenow", "42")


def test_help_opens_and_closes(recorded: Scope) -> None:
    recorded.page.get_by_role("button", name="Help").click()
    dialog = recorded.page.get_by_role("dialog", name="What you see")
    expect(dialog).to_contain_text("one task at a time")
    recorded.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
