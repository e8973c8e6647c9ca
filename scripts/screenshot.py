"""Take the README's picture, and one per size and colour scheme, of the built site's default program after a run.

docs/loopscope.png is the desktop in light; build/screenshots/ holds {desktop,mobile}-{light,dark}.png. The main views
(views.py) are docs/views/{name}-{light,dark}.png.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any, Literal

import chromium
from playwright.sync_api import Browser, expect, sync_playwright
from serve import serve
from views import VIEWS, View

ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / "build/screenshots"
PICTURE = ROOT / "docs/loopscope.png"
VIEW_SHOTS = ROOT / "docs/views"

# CSS pixels; the picture has two device pixels for each on a phone, as phones have.
SIZES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "mobile": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
}
# How far to step into the run.
STEPS = 8

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def shoot(browser: Browser, url: str, size: str, scheme: Literal["light", "dark"]) -> Path:
    """One picture: open the page, run its program to its end, and step into the recorded run."""
    context = browser.new_context(
        **SIZES[size], color_scheme=scheme, reduced_motion="reduce", locale="en-GB", timezone_id="UTC"
    )
    page = context.new_page()
    page.goto(url)
    status = page.get_by_role("status").filter(has_text="Ready")
    expect(status.first).to_be_visible(timeout=90_000)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Finished").first).to_be_visible(timeout=30_000)
    timeline = page.get_by_role("tab", name="Timeline")
    if timeline.is_visible():
        timeline.click()
    # Somewhere in the middle, where there is something to explain.
    for _ in range(STEPS):
        page.get_by_role("button", name="Step forward").click()
    page.evaluate("document.fonts.ready")
    page.mouse.move(0, 0)
    target = SHOTS / f"{size}-{scheme}.png"
    page.screenshot(path=target, animations="disabled", caret="hide")
    context.close()
    return target


def shoot_view(browser: Browser, url: str, view: View, scheme: Literal["light", "dark"]) -> Path:
    """One of the main views on a desktop."""
    context = browser.new_context(
        base_url=url, viewport=SIZES["desktop"]["viewport"], color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    view.show(page)
    page.evaluate("document.fonts.ready")
    page.mouse.move(0, 0)
    target = VIEW_SHOTS / f"{view.name}-{scheme}.png"
    page.screenshot(path=target, animations="disabled", caret="hide")
    context.close()
    return target


def main() -> int:
    SHOTS.mkdir(parents=True, exist_ok=True)
    VIEW_SHOTS.mkdir(parents=True, exist_ok=True)
    with serve() as site, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        for size in SIZES:
            for scheme in SCHEMES:
                print(shoot(browser, site.url, size, scheme).relative_to(ROOT))
        for view in VIEWS:
            for scheme in SCHEMES:
                print(shoot_view(browser, site.url, view, scheme).relative_to(ROOT))
        browser.close()
    shutil.copyfile(SHOTS / "desktop-light.png", PICTURE)
    print(PICTURE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
