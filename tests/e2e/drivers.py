"""One tab in each of the three engines, behind the same few words.

Elements are found by role and name with a finder of ours, the same in all three; what is done to them goes through the
browser's own input. Chromium and Firefox are driven by Playwright, WebKitGTK by WebDriver (scripts/webkit.py).
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from typing import Any, Protocol

import chromium
import firefox
import webkit
from e2e.scope import PASTE, link
from playwright.sync_api import Page, Playwright

ENGINES = ("chromium", "firefox", "webkit")
# WebKitGTK starts Python slowly, on a machine that is busy with other things.
PATIENCE = 90.0
SIZE = (1440, 900)

# (role, name) → the one visible element of that role and name, or null.
FIND = """((role, name) => {
  const tags = { button: 'button, summary', textbox: '[role=textbox], input, textarea', heading: 'h1, h2, h3' };
  const called = (element) => {
    const ids = element.getAttribute('aria-labelledby');
    if (ids) return ids.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
    return element.getAttribute('aria-label') ?? element.textContent;
  };
  const fits = (element) =>
    (element.getAttribute('role') ?? role) === role &&
    called(element).replace(/\\s+/g, ' ').trim() === name &&
    element.getClientRects().length > 0;
  return [...document.querySelectorAll(`[role="${role}"], ${tags[role] ?? role}`)].find(fits) ?? null;
})"""

# The editor's lines.
LINES = """[...document.querySelectorAll('[role=textbox][aria-label=Program] .cm-line')]
  .map((line) => line.textContent)"""

KEYS = {
    "Control": "\ue009",
    "Enter": "\ue007",
    "End": "\ue010",
    "Escape": "\ue00c",
    "Tab": "\ue004",
    "ArrowDown": "\ue015",
    "ArrowRight": "\ue014",
}


class Tab(Protocol):
    """What the engines have in common."""

    def goto(self, address: str) -> None: ...
    def js(self, expression: str) -> Any:
        """The value of an expression in the page; a promise's result."""

    def find(self, role: str, name: str) -> Any:
        """The element, or None."""

    def click_on(self, element: Any) -> None: ...
    def press(self, combination: str) -> None:
        """`Control+Enter`."""

    def type(self, text: str) -> None: ...


class PlaywrightTab:
    """Chromium or Firefox."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site

    def goto(self, address: str) -> None:
        # From nowhere: another fragment alone would be the same page.
        self.page.goto("about:blank")
        self.page.goto(self.site + address)

    def js(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def find(self, role: str, name: str) -> Any:
        found = self.page.evaluate_handle(f"{FIND}({json.dumps(role)}, {json.dumps(name)})")
        return found.as_element()

    def click_on(self, element: Any) -> None:
        element.click()

    def press(self, combination: str) -> None:
        self.page.keyboard.press(combination)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)


class WebKitTab:
    """WebKitGTK."""

    def __init__(self, driver: webkit.WebKit, site: str) -> None:
        self.driver = driver
        self.site = site
        driver.resize(*SIZE)

    def goto(self, address: str) -> None:
        self.driver.goto("about:blank")
        self.driver.goto(self.site + address)

    def js(self, expression: str) -> Any:
        return self.driver.wait(expression)

    def find(self, role: str, name: str) -> Any:
        return self.driver.script(f"return {FIND}({json.dumps(role)}, {json.dumps(name)})")

    def click_on(self, element: Any) -> None:
        self.driver.click(element)

    def press(self, combination: str) -> None:
        self.driver.press(*(KEYS.get(key, key) for key in combination.split("+")))

    def type(self, text: str) -> None:
        self.driver.type(text.replace("\n", KEYS["Enter"]))


class Person:
    """Somebody at a tab: waits for what they look for, and uses it."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.js = tab.js
        self.press = tab.press
        self.type = tab.type

    def goto(self, address: str) -> None:
        self.tab.goto(address)

    def until(self, expression: str, what: Any = True, patience: float = 60.0) -> None:
        """Wait until an expression in the page has a value."""
        deadline = time.monotonic() + patience
        while (seen := self.js(expression)) != what:
            assert time.monotonic() < deadline, f"{expression}\n  is     {seen!r}\n  not    {what!r}"
            time.sleep(0.1)

    def see(self, role: str, name: str) -> Any:
        """Wait for an element."""
        deadline = time.monotonic() + 60
        while not (found := self.tab.find(role, name)):
            assert time.monotonic() < deadline, f"there is no {role} “{name}”"
            time.sleep(0.1)
        return found

    def click(self, role: str, name: str) -> None:
        self.tab.click_on(self.see(role, name))

    def status(self, word: str) -> None:
        """Wait until the status begins with a word."""
        text = "(document.querySelector('[role=status]')?.textContent ?? '')"
        self.until(f"{text}.startsWith({json.dumps(word)}) || {text}", patience=PATIENCE)

    def output(self, *lines: str) -> None:
        """Wait until the output is these lines."""
        self.until("document.querySelector('[role=log]').textContent", "".join(f"{line}\n" for line in lines))

    def program(self) -> str:
        """The program in the editor."""
        return str(self.js(f"{LINES}.join('\\n')"))

    def write(self, text: str) -> None:
        """Put another program in the editor's place, as pasting does."""
        self.click("textbox", "Program")
        self.press("Control+a")
        editor = "document.querySelector('[role=textbox][aria-label=Program]')"
        self.js(f"({PASTE})({editor}, {json.dumps(text)})")
        if self.program() != text:
            # Firefox gives a page's own paste events no clipboard: the text comes as a link does.
            self.js(f"void (location.hash = {json.dumps(link(text))})")
            self.until(f"{LINES}.join('\\n')", text)

    def run(self, text: str | None = None, ends: str = "Finished") -> None:
        if text is not None:
            self.write(text)
        self.click("button", "Run")
        self.status(ends)


@contextlib.contextmanager
def sit_down(engine: str, playwright: Playwright, site: str, *, without: str = "") -> Iterator[Person]:
    """A fresh profile in an engine. `without`: an essential feature that it shall lack, `WebAssembly`."""
    if engine == "webkit":
        # JavaScriptCore has had two names for it.
        off = {"JSC_useWasm": "0", "JSC_useWebAssembly": "0"}
        options = off if without == "WebAssembly" else {}
        with webkit.launch(**options) as driver:
            yield Person(WebKitTab(driver, site))
        return
    started = (chromium if engine == "chromium" else firefox).launch(playwright)
    try:
        page = started.new_page(viewport={"width": SIZE[0], "height": SIZE[1]}, service_workers="block")
        if without:
            page.add_init_script(f"delete globalThis.{without}")
        yield Person(PlaywrightTab(page, site))
    finally:
        started.close()
