"""The main views look as the pictures in docs/views show them; `npm run screenshot` makes those anew.

Both pictures are compared as mosaics, each stone the mean colour of a small square: how a Chromium smooths its letters
makes no difference there, and a figure that a run measures makes a small one. A lane that is missing, colours that are
others, a pane that lies elsewhere make a large one.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Literal

import pytest
from e2e.conftest import OpenPage
from playwright.sync_api import Page
from views import VIEWS, View, whole

PICTURES = Path(__file__).resolve().parents[2] / "docs/views"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# Ten thousand tasks take long, and show nothing that the others do not.
COMPARED = [view for view in VIEWS if view.name != "ten-thousand-tasks"]

# The share of stones, in thousandths, whose colour differs by more than a little.
MOSAIC = """async ([one, two]) => {
  const SIDE = 12, LITTLE = 14;
  const mosaic = async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const { width, height } = image;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(image, 0, 0);
    const { data: pixels } = context.getImageData(0, 0, width, height);
    const columns = Math.floor(width / SIDE), rows = Math.floor(height / SIDE);
    const stones = new Float64Array(columns * rows * 3);
    for (let y = 0; y < rows * SIDE; y++)
      for (let x = 0; x < columns * SIDE; x++) {
        const stone = (Math.floor(y / SIDE) * columns + Math.floor(x / SIDE)) * 3;
        for (let c = 0; c < 3; c++) stones[stone + c] += pixels[(y * width + x) * 4 + c] / SIDE / SIDE;
      }
    return { stones, size: `${width}x${height}` };
  };
  const [a, b] = [await mosaic(one), await mosaic(two)];
  if (a.size !== b.size) return 1000;
  let other = 0;
  for (let k = 0; k < a.stones.length; k += 3) {
    const differs = (c) => Math.abs(a.stones[k + c] - b.stones[k + c]) > LITTLE;
    if (differs(0) || differs(1) || differs(2)) other++;
  }
  return other / (a.stones.length / 3) * 1000;
}"""
# Of 9,000 stones 27: some words.
ENOUGH = 3.0


def shot(page: Page) -> bytes:
    return page.screenshot(animations="disabled", caret="hide")


def difference(judge: Page, one: bytes, two: bytes) -> float:
    """How different two pictures are, in thousandths of their stones."""
    pictures = [base64.b64encode(picture).decode() for picture in (one, two)]
    found: float = judge.evaluate(MOSAIC, pictures)
    return found


def expect_alike(page: Page, judge: Page, wanted: bytes) -> None:
    """Wait until the page looks as it should: what is to come, like findings, may come late."""
    found = 1000.0
    for _ in range(60):
        whole(page)
        found = difference(judge, shot(page), wanted)
        if found <= ENOUGH:
            return
        page.wait_for_timeout(250)
    pytest.fail(f"{found:.1f} thousandths of the picture are different")


@pytest.mark.parametrize("view", COMPARED, ids=lambda view: view.name)
def test_a_main_view_looks_like_its_picture(view: View, open_page: OpenPage) -> None:
    page, judge = open_page(), open_page()
    view.show(page)
    page.evaluate("document.fonts.ready")
    page.mouse.move(0, 0)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        expect_alike(page, judge, (PICTURES / f"{view.name}-{scheme}.png").read_bytes())


# Of which element which property is what: one of these is enough.
CHANGES = {
    "other colours": (".ls-timeline", "--ls-run", "#a05000"),
    "no program": (".column-left", "display", "none"),
    "larger text": ("html", "font-size", "18px"),
    "rows elsewhere": (".ls-gutter", "transform", "translateY(22px)"),
}
SET = "([where, what, value]) => document.querySelector(where).style.setProperty(what, value)"
FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def test_a_view_that_is_broken_is_told_from_its_picture(open_page: OpenPage) -> None:
    page, judge = open_page(), open_page()
    wanted = (PICTURES / "first-view-light.png").read_bytes()
    VIEWS[0].show(page)
    for name, (where, what, value) in CHANGES.items():
        for now in (value, ""):
            page.evaluate(SET, [where, what, now])
            # The canvas reads its colours when the scheme changes.
            for scheme in ("dark", "light"):
                page.emulate_media(color_scheme=scheme)
                page.evaluate(FRAME)
            if not now:
                expect_alike(page, judge, wanted)
                continue
            whole(page)
            assert difference(judge, shot(page), wanted) > ENOUGH, name
