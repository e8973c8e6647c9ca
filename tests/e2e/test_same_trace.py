"""Under the virtual clock a program's trace is the same on every load and in every browser."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

import firefox
import pytest
from e2e.scope import ENDED, PATIENCE, Scope, link
from engines import ROOT
from loopscope.protocol import Row, unpack_frames
from playwright.sync_api import Browser, Playwright, expect
from serve import Site

EXAMPLES = sorted((ROOT / "web/examples").glob("*.py"))
PROGRAMS = {path.stem: path.read_text() for path in EXAMPLES}
PROGRAMS["chance"] = """\
import asyncio, os, random, secrets, time, uuid
async def nap(name):
    await asyncio.sleep(random.random())
    print(name, uuid.uuid4(), os.urandom(4).hex(), random.Random().random(), {"a", "b", "c", name}, time.time())
async def main():
    tasks = {asyncio.create_task(nap(str(n))) for n in range(20)}
    done, _ = await asyncio.wait(tasks)
    print([task.get_name() for task in done], secrets.token_hex(4))
asyncio.run(main())
"""

LISTEN = """
if (self === top) {
  window.frames_seen = [];
  window.MessageChannel = class extends MessageChannel {
    constructor() {
      super();
      this.port1.addEventListener('message', ({ data }) => {
        if (data?.report?.type === 'batch') frames_seen.push(new Uint8Array(data.report.frame.slice(0)));
      });
    }
  };
}
"""
TAKE = """() => frames_seen.splice(0).map((bytes) => {
  let text = '';
  for (let k = 0; k < bytes.length; k += 8192) text += String.fromCharCode(...bytes.subarray(k, k + 8192));
  return btoa(text);
})"""

OVER = re.compile(f"{ENDED.pattern}|nothing can wake it")
Trace = tuple[list[Row], dict[str, Any]]


def traces(browser: Browser, site: Site) -> dict[str, Trace]:
    """The trace of each program, run one after the other in a fresh page."""
    context = browser.new_context(base_url=site.url)
    context.add_init_script(LISTEN)
    page = context.new_page()
    scope = Scope(page).open()
    found = {}
    for name, source in PROGRAMS.items():
        page.goto(f"/{link(source)}")  # only the fragment changes
        expect(scope.program).to_contain_text(source.strip().splitlines()[-1])
        scope.run_button.click()
        page.wait_for_function("() => frames_seen.length > 0", timeout=PATIENCE)
        page.get_by_role("status").filter(has_text=OVER).wait_for(timeout=PATIENCE)
        if not scope.ended:
            scope.stop()
        # The findings are the last frame.
        page.wait_for_function("() => new TextDecoder().decode(frames_seen.at(-1)).includes('findings')")
        found[name] = parts(b"".join(base64.b64decode(frame) for frame in page.evaluate(TAKE)))
    context.close()
    return found


def parts(data: bytes) -> Trace:
    """All events without the time they really took, and all tables, however they were batched."""
    rows: list[Row] = []
    tables: dict[str, Any] = {}
    texts: dict[int, str] = {}
    for meta, batch in unpack_frames(data):
        rows += [row._replace(cpu=0.0) for row in batch]
        for key, value in meta.items():
            if key == "strings":
                for number, text in value:
                    texts[number] = texts.get(number, "") + text if number < 0 else text
            elif isinstance(value, list) and key not in ("now", "cut"):
                tables.setdefault(key, []).extend(value)
    return rows, {**tables, "strings": texts}


@pytest.fixture(scope="module")
def first(browser: Browser, site: Site) -> dict[str, Trace]:
    return traces(browser, site)


@pytest.fixture(scope="module")
def fox(playwright: Playwright) -> Iterator[Browser]:
    browser = firefox.launch(playwright)
    yield browser
    browser.close()


@pytest.mark.timeout(300)
def test_two_loads_give_the_same_trace(first: dict[str, Trace], browser: Browser, site: Site) -> None:
    again = traces(browser, site)
    for name in PROGRAMS:
        assert again[name] == first[name], name
    assert all(len(rows) > 10 for rows, _ in first.values())


@pytest.mark.timeout(300)
def test_firefox_gives_the_same_trace_as_chromium(first: dict[str, Trace], fox: Browser, site: Site) -> None:
    other = traces(fox, site)
    for name in PROGRAMS:
        assert other[name] == first[name], name
