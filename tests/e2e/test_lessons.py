"""Somebody takes a lesson: reads, predicts, runs, and sees where the prediction parted from what happened."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path
from typing import Any

from e2e.conftest import OpenPage, PageErrors
from e2e.scope import HeldPython, Scope, link, unpack
from e2e.test_accessible import expect_no_barrier
from e2e.test_phone import PHONE, touch
from playwright.sync_api import Locator, Page, Route, expect

LESSON = "/#lesson=two-queries"

TURNS = """\
import asyncio

async def foo():
    print('foo begins')
    await asyncio.sleep(0)
    print('foo ends')

async def main():
    task = asyncio.create_task(foo())
    print('main begins')
    await asyncio.sleep(0)
    print('main goes on')
    await task

asyncio.run(main())
"""
LINES = ["main begins", "foo begins", "main goes on", "foo ends"]
ASKED = ["foo begins", "foo ends", "main begins", "main goes on"]
QUIZ = link(TURNS, quiz=[{"ask": "order", "question": "In which order?", "line": ASKED}])


class Class:
    """A lesson on the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.scope = Scope(page)
        self.pane = page.get_by_role("region", name=re.compile("^(Lesson|Predict)"))
        self.compare = page.get_by_role("button", name="Run and compare")
        self.numbers = self.pane.get_by_role("spinbutton")
        self.verdict = page.get_by_role("region", name="Your prediction")

    def answer(self, *, first: str, second: str, then: str) -> None:
        self.numbers.nth(0).fill(first)
        self.numbers.nth(1).fill(second)
        self.pane.get_by_role("radio", name=then).check()

    def lines(self) -> list[str]:
        """The lines of the order, as they stand now."""
        return self.pane.get_by_role("form", name="Predict").get_by_role("listitem").all_inner_texts()

    def verdicts(self) -> list[str]:
        return [
            text.removesuffix("Show on the timeline").strip()
            for text in self.verdict.locator(".verdict").all_inner_texts()
        ]


def open_held(page: Page, address: str = LESSON) -> Class:
    """A lesson whose Python never comes: what is shown is its recorded run."""
    HeldPython(page)
    page.goto(address)
    taken = Class(page)
    expect(taken.compare).to_be_visible()
    return taken


def test_the_run_is_hidden_until_it_is_predicted(page: Page) -> None:
    taken = open_held(page)
    scope = taken.scope
    assert scope.printed() == [""]
    expect(scope.tasks).to_have_count(0)
    expect(scope.program).to_contain_text("async def query(name):")

    # Run asks for the predictions first.
    scope.run_button.click()
    expect(taken.pane.get_by_text("Type a number first.")).to_have_count(2)
    expect(taken.numbers.nth(0)).to_be_focused()
    assert scope.printed() == [""]

    taken.answer(first="100", second="100", then="bills")
    taken.compare.click()
    expect(taken.verdict).to_contain_text("Predicted: 2 of 3 right")
    assert taken.verdicts() == [
        "Right. It takes 100 ms.",
        "Not quite. You expected 100 ms, but it takes 50 ms.",
        "Right. Next runs bills.",
    ]
    expect(taken.verdict).to_contain_text("t = 0.150 s: main resumes at line 21: bills ended.")
    # The timeline stands where the prediction parted from what happened.
    expect(page.locator(".transport-t")).to_have_text("t = 0.150 s")
    expect(scope.output).to_contain_text("done")
    expect(scope.task(re.compile("^bills"))).to_be_visible()
    # The other answers are to be seen as well.
    taken.verdict.get_by_role("link", name="Show on the timeline").nth(2).click()
    expect(scope.panel.get_by_role("heading", name="bills, step 1 of 2")).to_be_visible()


def test_who_does_not_want_to_predict_sees_the_answers(page: Page) -> None:
    taken = open_held(page)
    taken.compare.click()
    page.get_by_role("button", name="Run without predicting").click()
    expect(taken.verdict).to_contain_text("What happened")
    assert taken.verdicts() == [
        "The answer. It takes 100 ms.",
        "The answer. It takes 50 ms.",
        "The answer. Next runs bills.",
    ]
    # That was no prediction: the lesson isn't taken.
    page.goto("/#lessons")
    expect(page.get_by_role("button", name="Export")).to_be_disabled()


def test_a_lesson_is_taken_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/#lessons")
    scope = Scope(page)
    scope.wait_until_ready()
    taken = Class(page)
    page.get_by_role("link", name=re.compile("two queries")).focus()
    page.keyboard.press("Enter")
    expect(taken.compare).to_be_visible()
    walk(page, taken.numbers.nth(0))
    page.keyboard.type("100")
    page.keyboard.press("Tab")
    page.keyboard.type("50")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(taken.pane.get_by_role("radio", name="bills")).to_be_checked()
    page.keyboard.press("Tab")
    expect(taken.compare).to_be_focused()
    page.keyboard.press("Enter")
    expect(taken.verdict).to_contain_text("Predicted: 3 of 3 right", timeout=60_000)
    expect(scope.status).to_have_text("Finished")
    # This was a run of its own, not the recorded one.
    expect(page.get_by_text("recorded run")).to_have_count(0)

    # The change that the lesson proposes, and its program again.
    change = taken.pane.get_by_role("button", name="Change it").first
    walk(page, change)
    page.keyboard.press("Enter")
    expect(page.get_by_text("edited since this run")).to_be_visible()
    before = scope.text()
    page.keyboard.press("ControlOrMeta+Enter")
    expect(scope.status).to_have_text("Finished")
    expect(page.get_by_text("edited since this run")).to_have_count(0)
    back = taken.pane.get_by_role("button", name="Back to the lesson’s program")
    walk(page, back)
    page.keyboard.press("Enter")
    expect(scope.program).not_to_contain_text("nobody")
    assert scope.text() != before


def test_a_lesson_is_taken_with_a_thumb(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    page.goto("/#lessons")
    taken = Class(page)
    scope = taken.scope
    scope.wait_until_ready()
    page.get_by_role("link", name=re.compile("two queries")).tap()
    expect(taken.compare).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for field, seconds in ((0, "100"), (1, "100")):
        taken.numbers.nth(field).tap()
        page.keyboard.type(seconds)
    taken.pane.get_by_text("bills", exact=True).tap()
    expect(taken.pane.get_by_role("radio", name="bills")).to_be_checked()
    taken.compare.tap()
    # One was wrong: the page says which, and shows where.
    expect(taken.verdict).to_contain_text("Predicted: 2 of 3 right", timeout=60_000)
    taken.verdict.get_by_role("link", name="Show on the timeline").first.tap()
    expect(scope.timeline).to_be_visible()
    panes = page.get_by_role("navigation", name="Panes")
    panes.get_by_role("button", name="Lesson").tap()
    expect(taken.verdict).to_be_visible()

    # The change that the lesson proposes is run with a thumb, too.
    taken.pane.get_by_role("button", name="Change it").first.tap()
    panes.get_by_role("button", name="Program").tap()
    expect(scope.program).to_be_visible()
    changed = scope.text()
    scope.run_button.tap()
    expect(scope.status).to_have_text("Finished")
    panes.get_by_role("button", name="Lesson").tap()
    taken.pane.get_by_role("button", name="Back to the lesson’s program").tap()
    panes.get_by_role("button", name="Program").tap()
    assert scope.text() != changed


def walk(page: Page, to: Locator) -> None:
    """Tab until the focus is there."""
    for _ in range(60):
        if to.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not get there")


def test_lines_are_ordered_with_the_keyboard(page: Page) -> None:
    taken = open_held(page, f"/{QUIZ}")
    assert taken.lines() == ASKED
    up = page.get_by_role("button", name="Move up: main begins")
    up.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert taken.lines() == ["main begins", "foo begins", "foo ends", "main goes on"]
    # At the top there is no further up: the focus stays with the line.
    expect(page.get_by_role("button", name="Move down: main begins")).to_be_focused()
    page.keyboard.press("End")
    assert taken.lines()[-1] == "main begins"
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    assert taken.lines()[0] == "main begins"
    expect(taken.pane.get_by_text("main begins: now 1 of 4")).to_be_attached()


def test_lines_are_ordered_with_the_mouse(page: Page) -> None:
    taken = open_held(page, f"/{QUIZ}")
    rows = taken.pane.get_by_role("form").get_by_role("listitem")
    from_box, to_box = rows.nth(2).bounding_box(), rows.nth(0).bounding_box()
    assert from_box
    assert to_box
    page.mouse.move(from_box["x"] + 80, from_box["y"] + 10)
    page.mouse.down()
    for part in (0.3, 0.6, 1):
        page.mouse.move(from_box["x"] + 80, from_box["y"] + 10 + part * (to_box["y"] - from_box["y"]))
    page.mouse.up()
    expect(rows.nth(0)).to_have_text("main begins")
    page.mouse.move(to_box["x"] + 80, from_box["y"])
    assert taken.lines() == ["main begins", "foo begins", "foo ends", "main goes on"]


def test_a_quiz_is_taken_with_a_thumb(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    page.goto(f"/{QUIZ}")
    taken = Class(page)
    scope = taken.scope
    scope.wait_until_ready()
    rows = taken.pane.get_by_role("form").get_by_role("listitem")
    grip = rows.nth(2).locator(".grip").bounding_box()
    first = rows.nth(0).bounding_box()
    assert grip
    assert first
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    assert grip["width"] >= 40
    assert grip["height"] >= 40
    touch(page, [(x, y)], [(x, first["y"] + 4)])
    expect(rows.nth(0)).to_have_text("main begins")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # On a busy machine the browser may take a tap after a drag for a part of it.
    for _ in range(5):
        taken.compare.tap()
        with contextlib.suppress(AssertionError):
            expect(taken.compare).to_be_hidden(timeout=5000)
            break
    expect(taken.verdict).to_contain_text("Predicted: 0 of 1 right", timeout=60_000)
    assert taken.verdicts() == [
        "Not quite. You expected “foo ends” as line 3, but “main goes on” came there."
    ]
    expect(taken.verdict.get_by_role("listitem")).to_have_text(
        [
            "main begins",
            "foo begins",
            re.compile("main goes on.*you: foo ends"),
            re.compile("foo ends.*you: main goes on"),
        ]
    )
    taken.verdict.get_by_role("link", name="Show on the timeline").tap()
    expect(scope.timeline).to_be_visible()
    expect(scope.panel.get_by_role("heading", name="main, step 2 of 3")).to_be_visible()

    # Once more, and right.
    page.get_by_role("navigation", name="Panes").get_by_role("button", name="Lesson").tap()
    page.get_by_role("button", name="Predict again").tap()
    for _ in range(2):
        page.get_by_role("button", name="Move up: main begins").tap()
    page.get_by_role("button", name="Move down: foo ends").tap()
    taken.compare.tap()
    expect(taken.verdict).to_contain_text("Predicted: 1 of 1 right")


def test_a_teacher_makes_a_quiz_of_a_program(scope: Scope, open_page: OpenPage) -> None:
    page = scope.page
    page.goto("/#lessons")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    scope.write(TURNS)
    expect(page.get_by_text("Run the program in the editor once")).to_be_visible()
    scope.run()
    page.get_by_role("checkbox", name="Ask how long it takes").uncheck()
    page.get_by_role("button", name="Copy the quiz’s link").click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    address: str = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Close the lessons").click()

    made = unpack("#" + address.partition("#")[2])
    assert made["code"] == TURNS
    (question,) = made["quiz"]
    assert question["ask"] == "order"
    assert question["line"] != LINES
    assert sorted(question["line"]) == sorted(LINES)

    taken = open_held(open_page(), address)
    expect(taken.pane.get_by_text("Whoever made this link asks you first.")).to_be_visible()
    assert taken.scope.text() == TURNS.removesuffix("\n") + "\n"
    # A line that nobody has moved is no prediction yet.
    taken.scope.run_button.click()
    expect(taken.pane.get_by_text("Put the lines in order first.")).to_be_visible()


def test_progress_survives_a_reload_and_is_exported_and_cleared(page: Page, tmp_path: Path) -> None:
    taken = open_held(page)
    taken.answer(first="100", second="50", then="items")
    taken.compare.click()
    expect(taken.verdict).to_contain_text("Predicted: 2 of 3 right")
    page.reload()
    expect(taken.verdict).to_contain_text("Predicted: 2 of 3 right")
    expect(taken.verdict).to_contain_text("You expected items, but next runs bills.")

    page.get_by_role("link", name="All lessons", exact=True).click()
    entry = page.get_by_role("link", name=re.compile("two queries"))
    expect(entry).to_contain_text("2 of 3 right")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    file = tmp_path / "progress.json"
    download.value.save_as(file)
    kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    assert kept["lessons"]["two-queries"]["given"] == [100, 50, "items"]

    page.get_by_role("button", name="Clear").click()
    page.get_by_role("button", name="Really forget it all").click()
    expect(entry).not_to_contain_text("right")
    assert page.evaluate("localStorage.getItem('loopscope lessons')") is None
    taken.pane.locator("input[type=file]").set_input_files(file)
    expect(entry).to_contain_text("2 of 3 right")


def test_progress_that_cannot_be_kept_is_told(page: Page) -> None:
    page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"
    )
    taken = open_held(page)
    taken.answer(first="100", second="50", then="bills")
    taken.compare.click()
    expect(taken.scope.alert).to_contain_text("Your progress can’t be kept")
    expect(taken.verdict).to_contain_text("Predicted: 3 of 3 right")


def test_a_lesson_that_is_not_there_is_told(page: Page, page_errors: PageErrors) -> None:
    page_errors.allow("Failed to load resource")
    HeldPython(page)
    page.goto("/#lesson=no-such-lesson")
    scope = Scope(page)
    expect(scope.alert).to_have_text("The lesson “no-such-lesson” does not exist.")
    expect(page.get_by_role("heading", name="Lessons")).to_be_visible()
    expect(scope.program).to_contain_text("import asyncio")
    page.context.route(re.compile("/assets/lesson-"), lambda route: route.abort())
    page.get_by_role("link", name=re.compile("two queries")).click()
    expect(scope.alert).to_contain_text("could not be loaded")


def test_a_lesson_that_comes_late_leaves_what_runs_meanwhile_alone(open_page: OpenPage) -> None:
    page = open_page()
    scope = Scope(page).open()
    held: list[Route] = []
    slow = re.compile("/assets/lesson-")
    page.context.route(slow, lambda route: held.append(route))
    with page.expect_request(slow):
        page.evaluate("location.hash = '#lesson=two-queries'")
    scope.run("print('asked for later')")
    for route in held:
        route.fallback()
    late = page.get_by_text("came after you had gone on")
    expect(late).to_be_visible()
    assert scope.text() == "print('asked for later')"
    scope.expect_output("asked for later")
    page.context.unroute(slow)
    page.get_by_role("button", name="Open it").click()
    expect(Class(page).compare).to_be_visible()
    expect(late).to_be_hidden()
    expect(scope.program).to_contain_text("async def query(name):")


def test_lessons_have_no_barrier(open_page: OpenPage) -> None:
    for options in ({}, PHONE):
        taken = open_held(open_page(**options))
        expect_no_barrier(taken.scope, "predict")
        taken.compare.click()
        expect_no_barrier(taken.scope, "hurried")
        taken.answer(first="1", second="50", then="bills")
        taken.compare.click()
        expect(taken.verdict).to_be_visible()
        expect_no_barrier(taken.scope, "revealed")
        taken.page.goto("/#lessons")
        expect(taken.page.get_by_role("heading", name="Lessons")).to_be_visible()
        expect_no_barrier(taken.scope, "list")


def test_every_lesson_fits_one_screen_beside_its_program(page: Page) -> None:
    HeldPython(page)
    taken = Class(page)
    page.goto("/#lessons")
    links = page.get_by_role("region", name="Lessons").get_by_role("listitem").get_by_role("link")
    addresses: list[str] = links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert len(addresses) > 15
    too_long = []
    for address in addresses:
        page.goto(f"/{address}")
        expect(taken.compare).to_be_visible()
        page.wait_for_function(PROGRAM_IN_SIGHT)
        before = height(page)
        taken.compare.click()
        page.get_by_role("button", name="Run without predicting").click()
        expect(taken.verdict).to_be_visible()
        # The program itself answers every question.
        assert not any("doesn’t tell" in words for words in taken.verdicts()), address
        if max(before, height(page)) > 0:
            too_long.append(address)
    assert too_long == []


def height(page: Page) -> int:
    """Pixels of the lesson that are out of sight."""
    hidden: int = page.locator(".lesson-scroll").evaluate(
        "pane => pane.querySelector('.lesson').offsetHeight + 16 - pane.clientHeight"
    )
    return hidden


# The whole program, down and to the right; without the notes of the run before, which go with it.
PROGRAM_IN_SIGHT = """() => {
  const pane = document.querySelector('.cm-scroller');
  return pane.scrollHeight <= pane.clientHeight && pane.scrollWidth <= pane.clientWidth;
}"""
