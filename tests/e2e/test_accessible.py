"""Somebody who does not see, or sees in other colours, finds the same page."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from e2e.conftest import OpenPage
from e2e.scope import HeldPython, Scope
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@cache
def axe() -> str:
    return (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def violations(scope: Scope) -> list[str]:
    """What axe-core finds wrong with the page as it is now."""
    scope.page.evaluate(f"() => {{ {axe()} }}")
    found: dict[str, Any] = scope.page.evaluate("() => axe.run({ resultTypes: ['violations'] })")
    return [
        f"{rule['id']}: {rule['help']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desktops_page_has_no_barrier(open_page: OpenPage, scheme: str) -> None:
    page = open_page(**WIDE, color_scheme=scheme)
    HeldPython(page)
    page.goto("/")
    scope = Scope(page)
    expect(scope.task("bar: 2 steps, finished")).to_be_visible()
    assert violations(scope) == []
    for _ in range(3):
        scope.forward.click()
    assert violations(scope) == []
    for tab in ("State at t", "Findings", "Told in words"):
        scope.tab(tab)
        assert violations(scope) == [], tab
    page.get_by_role("button", name="Examples").click()
    assert violations(scope) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Help").click()
    assert violations(scope) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_phones_page_has_no_barrier(open_page: OpenPage, scheme: str) -> None:
    page = open_page(**PHONE, color_scheme=scheme)
    HeldPython(page)
    page.goto("/")
    scope = Scope(page)
    for pane in ("Program", "Output", "Timeline"):
        page.get_by_role("navigation", name="Panes").get_by_role("button", name=pane).tap()
        scope.frame()
        assert violations(scope) == [], pane


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_failed_program_has_no_barrier(open_page: OpenPage, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    scope = Scope(page).open("/#chapter-3")
    expect(scope.alert).to_be_visible()
    scope.run(
        "import asyncio\nasync def main():\n    raise ValueError('no')\nasyncio.run(main())\n",
        ends="Failed · ValueError at line 3",
    )
    scope.tab("Findings")
    assert violations(scope) == []


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
    assert scope.picture() != picture
