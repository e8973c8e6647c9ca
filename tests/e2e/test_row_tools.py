"""The tools above the rows stay under the hand that uses them, and leave the page the keys that type nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from e2e.scope import Scope
from playwright.sync_api import Locator, expect

MANY = """\
import asyncio

async def main():
    await asyncio.gather(*(asyncio.sleep(n / 1000) for n in range(1, 13)))

asyncio.run(main())
"""
FEW = "import asyncio\nasyncio.run(asyncio.sleep(1))\n"
FOR_EVER = "import asyncio\nasyncio.run(asyncio.sleep(3600))\n"
TICKS = """\
import asyncio

async def main():
    while True:
        await asyncio.sleep(0.05)

asyncio.run(main())
"""
# Somebody's hand is quick: it is there as soon as the next program runs.
USE_WHEN_IT_RUNS = """(tool, how) => {
  const status = document.querySelector('[role=status]');
  const look = () => {
    if (!status.textContent.startsWith('Running')) return;
    observer.disconnect();
    if (how === 'focus') tool.focus();
    else if (how === 'click') tool.click();
    else tool.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const observer = new MutationObserver(look);
  observer.observe(status, { subtree: true, childList: true, characterData: true });
}"""


def field(scope: Scope) -> Locator:
    return scope.page.get_by_role("searchbox", name="Filter tasks")


def order(scope: Scope) -> Locator:
    return scope.page.get_by_role("combobox", name="Order of tasks")


def in_view(scope: Scope) -> Locator:
    return scope.page.get_by_role("button", name="In view")


@pytest.mark.parametrize(("tool", "how"), [(field, "focus"), (in_view, "click"), (order, "change")])
def test_a_tool_that_is_used_while_the_next_run_begins_stays(
    tool: Callable[[Scope], Locator], how: str, scope: Scope
) -> None:
    scope.run(MANY)
    expect(tool(scope)).to_be_visible()
    scope.clock.select_option("real")
    tool(scope).evaluate(USE_WHEN_IT_RUNS, how)
    scope.start(FOR_EVER)
    scope.stop()
    scope.frame()
    expect(tool(scope)).to_be_visible()


def test_the_tools_stay_from_run_to_run_while_the_focus_is_in_them(scope: Scope) -> None:
    scope.run(MANY)
    scope.write(FEW)
    field(scope).focus()
    scope.run_button.evaluate("button => button.click()")
    expect(scope.task("sleep: 2 steps, finished")).to_be_visible()
    expect(scope.status).to_have_text(re.compile("^Finished"))
    scope.frame()
    expect(field(scope)).to_be_visible()
    expect(field(scope)).to_be_focused()


@pytest.mark.parametrize("tool", [field, order])
def test_keys_that_type_nothing_work_in_the_tools(tool: Callable[[Scope], Locator], scope: Scope) -> None:
    page = scope.page
    scope.run(MANY)
    scope.clock.select_option("real")
    scope.write(TICKS)
    tool(scope).focus()
    page.keyboard.press("ControlOrMeta+Enter")
    expect(scope.status).to_have_text(re.compile("^Running"))
    tool(scope).focus()
    page.keyboard.press("F8")
    expect(scope.status).to_contain_text("held before")
    told = scope.status.inner_text()
    page.keyboard.press("F10")
    expect(scope.status).not_to_have_text(told)
    expect(tool(scope)).to_be_focused()
    page.keyboard.press("F8")
    expect(scope.status).to_have_text("Running")
    scope.stop()


def test_a_filter_that_hides_every_task_makes_the_timeline_no_emptier(scope: Scope) -> None:
    scope.run(MANY)
    field(scope).fill("nobody is called so")
    expect(scope.page.get_by_text("No task matches")).to_be_visible()
    scope.frame()
    expect(scope.canvas).to_have_accessible_name(re.compile("^Timeline of 13 tasks, "))


def test_only_a_row_that_can_be_folded_has_something_to_fold_it_with(scope: Scope) -> None:
    scope.run(MANY)
    main = scope.task(re.compile("^main"))
    expect(main.locator(".ls-twisty")).to_be_visible()
    child = scope.task(re.compile("^sleep 2"))
    expect(child).to_be_visible()
    expect(child.locator(".ls-twisty")).to_be_hidden()
