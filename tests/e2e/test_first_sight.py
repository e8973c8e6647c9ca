"""Somebody opens the page for the first time."""

from __future__ import annotations

import re

from e2e.conftest import OpenScope, PageErrors
from e2e.default_run import FACTS, LINES, PROGRAM, ROWS, TOLD
from e2e.scope import HeldPython, Scope
from playwright.sync_api import Page, expect


def test_the_default_programs_first_run_is_there_before_python(page: Page) -> None:
    python = HeldPython(page)
    scope = Scope(page)
    page.goto("/")
    expect(scope.status).to_have_text("Loading Python")
    scope.expect_output(*LINES)
    scope.expect_tasks(*ROWS)
    assert scope.text() == PROGRAM
    assert page.evaluate("location.hash") == ""
    # As many handles as there are blocks in the loop's row: what closes the loop is not shown.
    expect(scope.task("loop")).to_have_accessible_name("loop: 8 handles, ended")
    expect(scope.canvas).to_have_accessible_name(re.compile("^Timeline of 3 tasks, 8 handle runs"))
    # It is a whole run: it can be told, and walked through.
    scope.expect_told(TOLD)
    scope.tab("Selected")
    scope.forward.click()
    assert scope.selected() == FACTS[0]
    python.let_go()
    scope.wait_until_ready()
    scope.expect_output(*LINES)


def test_undo_takes_no_first_program_away_but_brings_one_back_that_another_replaced(page: Page) -> None:
    HeldPython(page)
    page.goto("/")
    scope = Scope(page)
    expect(scope.program).to_contain_text("Running in foo")
    scope.program.focus()
    page.keyboard.press("ControlOrMeta+z")
    assert scope.text().startswith("import asyncio")
    page.get_by_role("button", name="Examples").click()
    page.get_by_role("menuitemradio").nth(1).click()
    expect(scope.program).not_to_contain_text("Running in foo")
    scope.program.focus()
    page.keyboard.press("ControlOrMeta+z")
    expect(scope.program).to_contain_text("Running in foo")


def test_run_pressed_before_python_is_there_runs_as_soon_as_it_is(page: Page) -> None:
    python = HeldPython(page)
    scope = Scope(page)
    page.goto("/")
    scope.write("print('patience')")
    scope.run_button.click()
    expect(scope.status).to_have_text("Loading Python")
    scope.write("print('typed after Run was pressed')")
    python.let_go()
    expect(scope.status).to_have_text("Finished", timeout=60_000)
    scope.expect_output("patience")


def test_everything_the_page_needs_comes_from_the_site(open_scope: OpenScope) -> None:
    scope = open_scope()
    entries: list[str] = scope.page.evaluate(
        "performance.getEntriesByType('resource').map(entry => new URL(entry.name).origin)"
    )
    assert set(entries) == {scope.page.evaluate("origin")}


def test_python_that_cannot_be_loaded_is_told_and_run_tries_again(
    page: Page, page_errors: PageErrors
) -> None:
    page_errors.allow("ERR_FAILED|Failed to fetch")
    page.context.route(re.compile(r"pyodide\.asm"), lambda route: route.abort())
    scope = Scope(page)
    page.goto("/")
    expect(scope.status).to_have_text(re.compile("^Failed.*Python could not be loaded"), timeout=60_000)
    scope.expect_output(*LINES)
    page.context.unroute(re.compile(r"pyodide\.asm"))
    scope.run("print('better now')")
    scope.expect_output("better now")
