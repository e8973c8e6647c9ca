"""Somebody who does not see, or sees in other colours, finds the same page."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal

from e2e.conftest import OpenPage
from e2e.default_run import PROGRAM as DEFAULT
from e2e.scope import HeldPython, Scope
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@cache
def axe() -> str:
    return (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def violations(scope: Scope) -> list[str]:
    """What axe-core finds wrong with the page as it is now."""
    if not scope.page.evaluate("'axe' in window"):
        scope.page.evaluate(f"() => {{ {axe()} }}")
    found: dict[str, Any] = scope.page.evaluate("() => axe.run({ resultTypes: ['violations'] })")
    return [
        f"{rule['id']}: {rule['help']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def expect_no_barrier(scope: Scope, where: str) -> None:
    """Look at the page in both colour schemes."""
    for scheme in SCHEMES:
        scope.page.emulate_media(color_scheme=scheme)
        assert violations(scope) == [], f"{where}, {scheme}"


def test_the_desktops_page_has_no_barrier(open_page: OpenPage) -> None:
    page = open_page()
    HeldPython(page)
    page.goto("/")
    scope = Scope(page)
    expect(scope.task("bar: 2 steps, finished")).to_be_visible()
    expect_no_barrier(scope, "first sight")
    for _ in range(3):
        scope.forward.click()
    expect_no_barrier(scope, "a step")
    for tab in ("State at t", "Findings", "Told in words"):
        scope.tab(tab)
        expect_no_barrier(scope, tab)
    page.get_by_role("button", name="Examples").click()
    expect_no_barrier(scope, "examples")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Help").click()
    expect_no_barrier(scope, "help")
    page.keyboard.press("Escape")
    scope.write("print('mine')")
    page.get_by_role("button", name="your programs").click()
    page.get_by_role("button", name="Earlier texts of").click()
    expect_no_barrier(scope, "programs")


def test_the_phones_page_has_no_barrier(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    HeldPython(page)
    page.goto("/")
    scope = Scope(page)
    for pane in ("Program", "Output", "Timeline"):
        page.get_by_role("navigation", name="Panes").get_by_role("button", name=pane).tap()
        scope.frame()
        expect_no_barrier(scope, pane)


def test_a_failed_program_has_no_barrier(scope: Scope) -> None:
    scope.run(
        "import asyncio\nasync def main():\n    raise ValueError('no')\nasyncio.run(main())\n",
        ends="Failed · ValueError at line 3",
    )
    scope.tab("Findings")
    scope.page.evaluate("location.hash = '#no-link'")
    expect(scope.alert).to_be_visible()
    expect_no_barrier(scope, "failed")
    scope.alert.get_by_role("button", name="Dismiss").click()
    scope.page.emulate_media(color_scheme="light")


def test_dark_and_light_follow_the_system(open_page: OpenPage) -> None:
    page = open_page(color_scheme="light")
    HeldPython(page)
    page.goto("/")
    scope = Scope(page)
    expect(scope.task("bar: 2 steps, finished")).to_be_visible()
    background = "getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).slice(0, 3).map(Number)"
    light, picture = sum(page.evaluate(background)), scope.picture()
    page.emulate_media(color_scheme="dark")
    assert sum(page.evaluate(background)) < light / 3
    scope.picture_after(picture)


def test_at_twice_the_text_size_a_phone_shows_every_word(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '200%' })"
    )
    scope = Scope(page).open()
    scope.run(DEFAULT)
    scope.choose("Keep this run")
    page.get_by_role("button", name="Program", exact=True).click()
    scope.run(DEFAULT.replace("sleep(0)", "sleep(1)"))
    cut = "element => element.scrollWidth - element.clientWidth"
    assert scope.status.evaluate(cut) <= 0
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    # Nothing of the header lies over something else in it.
    heading = page.locator(".header-side > :is(button, a), .header-side > .share > button, .wordmark")
    boxes = sorted((box for one in heading.all() if (box := one.bounding_box())), key=itemgetter("x"))
    assert len(boxes) == 6
    assert all(a["x"] + a["width"] <= b["x"] + 1 for a, b in pairwise(boxes)), boxes
    scope.choose("Compare with the kept run")
    assert page.get_by_role("dialog", name="Two runs compared").evaluate(cut) <= 0


def test_in_the_visitors_own_colours_what_is_chosen_is_told_apart(open_page: OpenPage) -> None:
    page = open_page(forced_colors="active")
    HeldPython(page)
    page.goto("/")
    scope = Scope(page)
    look = """element => {
      const { backgroundColor, borderBottomColor } = getComputedStyle(element);
      return `${backgroundColor} ${borderBottomColor}`;
    }"""
    tab = {name: page.get_by_role("tab", name=name) for name in ("Selected", "Findings")}
    assert tab["Selected"].evaluate(look) != tab["Findings"].evaluate(look)
    expect(scope.task("bar: 2 steps, finished")).to_be_visible()
    pressed = page.get_by_role("group", name="Axis").get_by_role("button", name="steps")
    assert pressed.get_attribute("aria-pressed") == "true"
    assert pressed.evaluate(look) != page.get_by_role("button", name="Fit").evaluate(look)
    # A button stays one.
    assert scope.run_button.evaluate("element => getComputedStyle(element).borderStyle") == "solid"
