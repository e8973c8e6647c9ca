"""The page, as its user knows it: by roles and names. What a test does with it reads as what a person does."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Sequence
from typing import Any, ClassVar

from playwright.sync_api import Locator, Page, Route, expect

# A run's end; more words may follow.
ENDED = re.compile(r"^(Finished|Stopped|Failed)")
# Starting Python, on a machine that is busy with other things.
PATIENCE = 120_000

PASTE = """(editor, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}"""


class Scope:
    """Loopscope in a browser's tab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.run_button = page.get_by_role("button", name="Run", exact=True)
        self.stop_button = page.get_by_role("button", name="Stop", exact=True)
        self.share_button = page.get_by_role("button", name="Share", exact=True)
        self.back = page.get_by_role("button", name="Step back", exact=True)
        self.forward = page.get_by_role("button", name="Step forward", exact=True)
        self.clock = page.get_by_role("combobox", name="Clock")
        self.status = page.get_by_role("status")
        self.program = page.get_by_role("textbox", name="Program")
        self.output = page.get_by_role("log", name="Output")
        self.timeline = page.get_by_role("region", name="Timeline")
        self.canvas = self.timeline.get_by_role("img", name="Timeline of")
        self.tasks = page.get_by_role("treegrid", name="Tasks")
        self.alert = page.get_by_role("alert")
        self.panel = page.get_by_role("tabpanel")

    # -- arrive

    def open(self, address: str = "/") -> Scope:
        """Open the page and wait until Python is there."""
        self.page.goto(address)
        self.wait_until_ready()
        return self

    def wait_until_ready(self) -> None:
        expect(self.status).to_have_text(re.compile("^Ready"), timeout=PATIENCE)

    def settle(self) -> None:
        """A known place to begin: virtual time, the first of the panel's tabs."""
        self.clock.select_option("virtual")
        self.tab("Selected")

    # -- write and run

    def write(self, program: str) -> None:
        """Put another program in the editor's place, as pasting does."""
        # The first one may still be on its way.
        expect(self.program).not_to_have_attribute("aria-readonly", "true")
        self.program.focus()
        self.page.keyboard.press("ControlOrMeta+a")
        self.program.evaluate(PASTE, program)

    def text(self) -> str:
        """The program in the editor."""
        lines = self.program.locator(".cm-line").all_text_contents()
        return "\n".join(lines)

    def press_run(self) -> None:
        """Press Run, and wait until the page has heard it: until then it tells of the run before."""
        self.run_button.evaluate(
            "button => { button.heard = new Promise("
            "  (done) => button.addEventListener('click', () => done(), { once: true })) }"
        )
        self.run_button.click()
        self.run_button.evaluate("button => button.heard")

    def start(self, program: str | None = None) -> None:
        """Press Run, and see it running; for programs that don't end by themselves."""
        if program is not None:
            self.write(program)
        self.press_run()
        expect(self.status).to_have_text(re.compile("^Running"), timeout=PATIENCE)

    def run(self, program: str | None = None, ends: str | re.Pattern[str] = "Finished") -> None:
        """Press Run, and wait for the end that is expected."""
        if program is not None:
            self.write(program)
        self.press_run()
        expect(self.status).to_have_text(ENDED, timeout=PATIENCE)
        expect(self.status).to_have_text(ends)

    def stop(self) -> None:
        """Press Stop, and see that the program stops."""
        self.stop_button.click()
        expect(self.status).to_have_text(re.compile("^Stopped"))

    @property
    def running(self) -> bool:
        """Whether a program runs now."""
        return self.status.inner_text().startswith("Running")

    def choose(self, item: str) -> None:
        """Choose something of the menu "Trace"."""
        self.page.get_by_role("button", name="Trace", exact=True).click()
        self.page.get_by_role("menuitem", name=item).click()

    # -- look

    def printed(self) -> list[str]:
        """The output's lines."""
        return (self.output.text_content() or "").removesuffix("\n").split("\n")

    def expect_output(self, *lines: str) -> None:
        """Wait for exactly these lines."""
        expect(self.output).to_have_text(" ".join(lines))
        assert self.printed() == list(lines)

    def task(self, name: str | re.Pattern[str]) -> Locator:
        """A task's row in the tree grid."""
        return self.tasks.get_by_role("row", name=name)

    def expect_tasks(self, *rows: str) -> None:
        """Wait for exactly these rows, the loop's left out: 'foo: 2 steps, finished'."""
        mine = self.tasks.get_by_role("row").filter(has_not=self.page.get_by_role("gridcell", name="loop"))
        expect(mine).to_have_count(len(rows))
        for row, name in zip(mine.all(), rows, strict=True):
            expect(row).to_have_accessible_name(name)

    def tab(self, name: str) -> Locator:
        """Open one of the panel's tabs; its content."""
        self.page.get_by_role("tab", name=name, exact=True).click()
        return self.page.get_by_role("tabpanel", name=name, exact=True)

    def told(self) -> Locator:
        """The sentences of the run told in words."""
        return self.tab("Told in words").get_by_role("list", name="The run in words").get_by_role("link")

    def expect_told(self, sentences: Sequence[str]) -> None:
        """Wait for exactly this story; what asyncio does to close its loop may follow, and the program's end does."""
        told = self.told()
        for position, sentence in enumerate(sentences):
            expect(told.nth(position)).to_have_text(sentence, use_inner_text=True)
        expect(told.last).to_have_text(re.compile(r"s\s+The program ends\.$"), use_inner_text=True)
        closing = " ".join(told.all_inner_texts()[len(sentences) :])
        assert not re.search("prints|waits for", closing), closing

    def selected(self) -> list[str]:
        """The panel Selected: its title, then one line a fact; without the time that differs from run to run."""
        panel = self.page.get_by_role("tabpanel", name="Selected", exact=True)
        title = panel.get_by_role("heading").inner_text()
        facts = panel.locator("dl").evaluate(
            "list => [...list.querySelectorAll('dt')].map("
            "  term => `${term.textContent}: ${term.nextElementSibling.textContent}`)"
        )
        return [title, *(re.sub(r", [\d.]+ (µs|ms|s) of real work$", "", fact) for fact in facts)]

    def marked(self) -> list[tuple[str, str]]:
        """The editor's marked lines: (text, note)."""
        pairs: list[list[str]] = self.program.locator("[data-note]").evaluate_all(
            "lines => lines.map(line => [line.textContent.trim(), line.dataset.note])"
        )
        return [(text, note) for text, note in pairs]

    def frame(self) -> None:
        """Let the page draw what it has to."""
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def picture(self) -> str:
        """The timeline's pixels."""
        self.frame()
        pixels: str = self.canvas.evaluate("canvas => canvas.toDataURL()")
        return pixels

    def picture_after(self, before: str) -> str:
        """Wait until the timeline shows something else than before; its pixels then."""
        for _ in range(600):
            if (picture := self.picture()) != before:
                return picture
        raise AssertionError("the timeline still shows what it showed before")

    def expect_picture(self, wanted: str) -> None:
        """Wait until the timeline shows this."""
        for _ in range(600):
            if self.picture() == wanted:
                return
        raise AssertionError("the timeline shows something else")


def link(program: str, **settings: Any) -> str:
    """A permalink's fragment, by the contract of the design."""
    return pack(json.dumps({"code": program, **settings}).encode())


def pack(data: bytes) -> str:
    """Bytes as the fragment of a link."""
    return "#p1=" + base64.urlsafe_b64encode(zlib.compress(data, 9)).decode().rstrip("=")


def unpack(fragment: str) -> dict[str, Any]:
    """What a fragment links to."""
    _, _, text = fragment.partition("#p1=")
    data: dict[str, Any] = json.loads(
        zlib.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    )
    return data


class HeldPython:
    """Python's core, kept from arriving until it is let go: a slow connection."""

    waiting: ClassVar[list[Route]] = []
    file = "pyodide.asm.wasm"

    def __init__(self, page: Page) -> None:
        self.page = page
        self.held: list[Route] = []
        self.free = False
        page.context.route(f"**/{self.file}", self._hold)

    def _hold(self, route: Route) -> None:
        if self.free:
            route.fallback()
        else:
            self.held.append(route)
            self.waiting.append(route)

    def come(self) -> None:
        """Wait until it is asked for."""
        for _ in range(3000):
            if self.held:
                return
            self.page.wait_for_timeout(10)
        raise AssertionError(f"nobody asks for {self.file}")

    @classmethod
    def give_up(cls) -> None:
        """Answer what still waits; the test is over."""
        for route in cls.waiting:
            route.abort()
        cls.waiting.clear()

    def let_go(self) -> None:
        self.free = True
        for route in self.held:
            route.fallback()
            self.waiting.remove(route)
        self.held.clear()
