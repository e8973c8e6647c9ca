"""Somebody looks through the examples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from e2e.conftest import OpenPage
from e2e.scope import HeldPython, Scope, link
from playwright.sync_api import expect

EXAMPLES = Path(__file__).resolve().parents[2] / "web/examples"


def title(name: str) -> str:
    found = re.match("# Title: (.+)", (EXAMPLES / f"{name}.py").read_text(encoding="utf-8"))
    return found[1] if found else "Two tasks take turns"


NAMES = sorted(path.stem for path in EXAMPLES.glob("*.py"))


def finding(name: str) -> str:
    """The kind of finding that an example is there to show."""
    found = re.search("^# Finding: (.+)", (EXAMPLES / f"{name}.py").read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else ""


WRONG = [name for name in NAMES if finding(name)]


def choose(scope: Scope, name: str) -> None:
    scope.page.get_by_role("button", name="Examples").click()
    scope.page.get_by_role("menu", name="Examples").get_by_role("menuitemradio", name=title(name)).click()
    expect(scope.page.get_by_role("menu", name="Examples")).to_be_hidden()


def shown(scope: Scope) -> tuple[list[str], list[str]]:
    """What a run shows: its lines, and the tasks with their steps."""
    rows = scope.tasks.get_by_role("row").evaluate_all("rows => rows.map(row => row.ariaLabel)")
    return scope.printed(), rows


@pytest.mark.parametrize("name", [name for name in NAMES if not finding(name)])
def test_an_example_shows_its_recorded_run_and_runs_the_same(scope: Scope, name: str) -> None:
    choose(scope, name)
    expect(scope.page.get_by_text("recorded run")).to_be_visible()
    text = (EXAMPLES / f"{name}.py").read_text(encoding="utf-8")
    # What it says to the menu is no part of it.
    assert scope.text() == text.replace("# Title: ", "# ", 1)
    expect(scope.task(re.compile(r"^main.*: [\d,]+ steps?, finished"))).to_be_visible()
    expect(scope.output).not_to_have_text("")
    recorded = shown(scope)
    assert recorded[0] != [""]
    scope.run()
    expect(scope.page.get_by_text("recorded run")).to_have_count(0)
    expect(scope.task(re.compile(r"^main.*: [\d,]+ steps?, finished"))).to_be_visible()
    assert shown(scope) == recorded


@pytest.mark.parametrize("name", ["01_queries_in_turn", "07_blocking", *WRONG])
def test_what_an_example_shows_going_wrong_is_found_and_told_beside_its_line(scope: Scope, name: str) -> None:
    choose(scope, name)
    assert "# Finding:" not in scope.text()
    assert "# Title:" not in scope.text()
    found = scope.tab("Findings").get_by_role("list", name="Findings").get_by_role("listitem")
    expect(found.first.get_by_role("heading")).to_be_visible()
    heading = found.first.get_by_role("heading").inner_text()
    lines = [
        int(link.removeprefix("Line "))
        for link in found.first.get_by_role("link", name=re.compile("^Line ")).all_inner_texts()
    ]
    assert lines
    for line in lines:
        expect(scope.program.locator(".cm-line").nth(line - 1)).to_have_attribute(
            "data-note", re.compile(re.escape(heading))
        )


def test_there_is_an_example_of_every_finding() -> None:
    checks = EXAMPLES.parents[1] / "py/loopscope/analysis/findings"
    source = "".join(path.read_text(encoding="utf-8") for path in checks.glob("*.py"))
    kinds = {*map(finding, WRONG), "in-turn", "blocked"}
    told = set(re.findall(r'Finding\(\s*"([a-z-]+)"', source)) | {"never-awaited", "never-retrieved"}
    assert told - {"check-failed"} <= kinds


def test_the_menu_is_walked_by_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    HeldPython(page)
    page.goto("/")
    scope = Scope(page)
    button = page.get_by_role("button", name="Examples")
    button.press("Enter")
    first = page.get_by_role("menuitemradio", name="Two tasks take turns")
    expect(first).to_be_focused()
    expect(first).to_be_checked()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitemradio", name="Two queries, one after the other")).to_be_focused()
    page.keyboard.press("Enter")
    scope.expect_output("users: done", "orders: done", "0.10 s")
    button.press("Enter")
    expect(page.get_by_role("menuitemradio", checked=True)).to_have_accessible_name(
        re.compile("^Two queries, one")
    )
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_be_hidden()


def test_two_queries_in_turn_take_twice_as_long_as_at_once(scope: Scope) -> None:
    choose(scope, "01_queries_in_turn")
    scope.expect_output("users: done", "orders: done", "0.10 s")
    choose(scope, "02_queries_at_once")
    scope.expect_output("users: done", "orders: done", "0.05 s")


def test_wait_reasons_and_wake_up_causes_are_named(scope: Scope) -> None:
    choose(scope, "03_producer_consumer")
    told = scope.told()
    sentences = told.filter(has_text="waits for Queue.put")
    expect(sentences.first).to_be_visible()
    for pattern in (
        r"producer resumes at line 8: woken by consumer at line 14, through queue\.",
        r"consumer resumes at line 15: its timer, armed by sleep\(0\.01\) at line 15, came due\.",
    ):
        expect(told.filter(has_text=re.compile(pattern)).first).to_be_visible()
    choose(scope, "04_lock")
    for pattern in (
        r"Bob starts: created by main at line 22\. It waits for lock\.acquire at line 10, held by Ada\.",
        r"Bob resumes at line 10: woken by Ada at line 10, through lock\.",
    ):
        expect(told.filter(has_text=re.compile(pattern))).to_have_count(1)
    choose(scope, "06_taskgroup_failure")
    expect(told.filter(has_text="failing resumes").filter(has_text="fails with ValueError")).to_have_count(1)
    expect(scope.task(re.compile("^failing: .* raised ValueError"))).to_be_visible()
    expect(scope.task(re.compile("^job .* cancelled"))).to_be_visible()
    choose(scope, "08_event")
    expect(
        told.filter(has_text=re.compile(r"Cleo resumes at line 8: woken by main at line 19, through start\."))
    ).to_have_count(1)


def test_a_timeout_is_named_as_what_cancels(scope: Scope) -> None:
    choose(scope, "05_timeout")
    told = scope.told()
    expect(
        told.filter(has_text="The timeout of 50 ms set at line 17 is over. It asks main to cancel.")
    ).to_have_count(1)
    expect(
        told.filter(has_text="main resumes at line 9: cancelled by the timeout of 50 ms set at line 17.")
    ).to_have_count(1)


def test_nobody_is_said_to_cancel_itself(scope: Scope) -> None:
    for example in ("05_timeout", "06_taskgroup_failure"):
        choose(scope, example)
        told = scope.told()
        expect(told.filter(has_text="to cancel").first).to_be_visible()
        expect(told.filter(has_text="main asks main to cancel")).to_have_count(0)
        expect(told.filter(has_text="cancelled by main")).to_have_count(0)


def test_a_link_made_of_an_example_when_it_had_a_title_of_its_own_opens_the_example(
    open_page: OpenPage,
) -> None:
    page = open_page()
    HeldPython(page)
    text = (EXAMPLES / "10_deadlock.py").read_text(encoding="utf-8")
    for address in ("/" + link(text), "/embed.html" + link(text)):
        page.goto("about:blank")
        page.goto(address)
        scope = Scope(page)
        expect(scope.output).to_contain_text("deadlock: both waited")
        expect(page.get_by_text("recorded run").first).to_be_visible()
        expect(page.get_by_text("From a link")).to_have_count(0)
        expect(page.locator(".cm-line").first).to_have_text("# A deadlock, and a way out")
