"""Under the virtual clock a program's trace is the same on every load and in every browser."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import firefox
import pytest
from e2e.conftest import new_context
from e2e.scope import PATIENCE, Scope, link
from engines import ROOT
from loopscope.protocol import Row, unpack_frames
from playwright.sync_api import Browser, Error, Playwright, expect
from serve import Site

EXAMPLES = sorted((ROOT / "web/examples").glob("*.py"))
LESSONS = sorted((ROOT / "web/lessons").glob("*/program.py"))
PROGRAMS = {path.stem: path.read_text(encoding="utf-8") for path in EXAMPLES}
PROGRAMS |= {path.parent.name: path.read_text(encoding="utf-8") for path in LESSONS}
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
# What says this of itself waits for ever, and its findings are told while it does.
ENDLESS = ("# Finding: deadlock", "# Finding: lost-wakeup")

LISTEN = """
if (self === top) {
  window.frames_seen = [];
  window.seen = (text) => frames_seen.some((frame) => new TextDecoder('latin1').decode(frame).includes(text));
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

Trace = tuple[list[Row], dict[str, Any]]


class Tab:
    """A page of its own, in which programs run one after the other."""

    def __init__(self, browser: Browser, site: Site) -> None:
        context = new_context(browser, site)
        context.add_init_script(LISTEN)
        self.scope = Scope(context.new_page()).open()

    def start(self, name: str, source: str) -> None:
        # A link is read a moment later, and stops what runs: which program is there is told by its last line.
        last = f"# {name}"
        self.scope.page.goto(f"/{link(f'{source}{last}')}")  # only the fragment changes
        expect(self.scope.program).to_contain_text(last)
        self.scope.run_button.click()

    def trace(self, name: str) -> Trace:
        """The trace of the program that was started, up to its findings; waits for its end."""
        page = self.scope.page
        try:
            page.wait_for_function("() => seen('\"findings\"')", timeout=PATIENCE)
        except Error as error:
            raise AssertionError(f"{name} has no end: {self.scope.status.inner_text()}") from error
        frames = [base64.b64decode(frame) for frame in page.evaluate(TAKE)]
        last = next(place for place, frame in enumerate(frames) if b'"findings"' in frame)
        if any(mark in PROGRAMS[name] for mark in ENDLESS):
            # What comes of a Stop hangs on how soon it is heard.
            page.reload()
            self.scope.wait_until_ready()
        return parts(b"".join(frames[: last + 1]))


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
def fox(playwright: Playwright) -> Iterator[Browser]:
    browser = firefox.launch(playwright)
    yield browser
    browser.close()


def test_a_trace_is_the_same_in_two_loads_of_the_page_and_in_two_browsers(
    browser: Browser, fox: Browser, site: Site
) -> None:
    # While one page starts its next Python, another runs.
    first, again, other = tabs = [Tab(browser, site), Tab(browser, site), Tab(fox, site)]
    for name, source in PROGRAMS.items():
        for tab in tabs:
            tab.start(name, source)
        trace = first.trace(name)
        assert len(trace[0]) >= 10, name
        assert again.trace(name) == trace, name
        assert other.trace(name) == trace, f"{name} in Firefox"
    for tab in tabs:
        tab.scope.page.context.close()
