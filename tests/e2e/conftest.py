"""What every end-to-end test stands on: the built site on its own server, and a real browser.

`page` is a blank page in a fresh profile, `page.goto("/")` opens the site. `scope` is an open page that tests share one
after another, as a person runs one program after another. A test fails when its page reports an uncaught error, logs an
error to the console or violates the Content Security Policy, unless it said `page_errors.allow("regular expression")`
before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import chromium
import pytest
from e2e.scope import HeldPython, Scope
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from serve import DIST, Site, serve

OpenPage = Callable[..., Page]
OpenScope = Callable[..., Scope]

# The machine may be busy with other things: what comes true late is true.
expect.set_options(timeout=60_000)


# Of WebAssembly's two compilers the quick one alone: the other takes a fifth of the processors' time that a page and
# its first run cost, and has hardly begun to pay when a test is over. test_engines.py and the benchmarks have the
# browser as everybody has it.
BASELINE = "--js-flags=--liftoff-only"


class PageErrors:
    """Errors that the pages of one test reported, and those that the test expects."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.allowed: list[str] = []

    def allow(self, pattern: str) -> None:
        """Expect errors whose text the regular expression finds."""
        self.allowed.append(pattern)

    def watch(self, page: Page) -> None:
        """Collect a page's errors, its workers' included."""
        page.on("pageerror", lambda error: self.seen.append(f"uncaught {error}"))
        page.on("console", self._console)
        page.on("crash", lambda _: self.seen.append("the page crashed"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            where = message.location
            self.seen.append(f"console: {message.text} ({where.get('url')}:{where.get('lineNumber')})")

    def check(self) -> None:
        """Fail if there is an error that no `allow` covers."""
        unexpected = [
            error for error in self.seen if not any(re.search(pattern, error) for pattern in self.allowed)
        ]
        assert not unexpected, "the page reported errors:\n" + "\n".join(unexpected)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The built site, served with netlify.toml's headers; `site.url` has no slash at its end."""
    if not (DIST / "index.html").is_file():
        pytest.exit("dist/ holds no site to test. Build it first: npm run build", returncode=1)
    with serve() as running:
        yield running


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, started once."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A headless Chromium, started once."""
    started = chromium.launch(playwright, extra=[BASELINE])
    yield started
    started.close()


def new_context(browser: Browser, site: Site, **options: Any) -> BrowserContext:
    """A fresh profile; takes what Playwright's `new_context` takes."""
    defaults: dict[str, Any] = {
        "base_url": site.url,
        "viewport": {"width": 1440, "height": 900},
        "locale": "en-GB",
        "timezone_id": "UTC",
        "color_scheme": "light",
        "reduced_motion": "reduce",
        # What a page gets should not hang on a service worker that keeps the whole site meanwhile; test_offline.py
        # lets it in.
        "service_workers": "block",
    }
    context = browser.new_context(**{**defaults, **options})
    context.set_default_timeout(60_000)
    # A worker starts Python on a shared machine: the first load may take its time.
    context.set_default_navigation_timeout(60_000)
    return context


@pytest.fixture
def page_errors() -> PageErrors:
    """The errors of this test's pages: `page_errors.allow(pattern)` expects some."""
    return PageErrors()


@pytest.fixture
def open_page(browser: Browser, site: Site, page_errors: PageErrors) -> Iterator[OpenPage]:
    """Open a blank page in a profile of its own; takes what Playwright's `new_context` takes."""
    contexts = []

    def open_one(**options: Any) -> Page:
        context = new_context(browser, site, **options)
        contexts.append(context)
        context.on("page", page_errors.watch)
        return context.new_page()

    yield open_one
    seen = len(page_errors.seen)
    HeldPython.give_up()
    for context in contexts:
        context.close()
    del page_errors.seen[seen:]  # what a page says when it is closed in the middle of something is no error
    page_errors.check()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A blank page in a fresh profile: `page.goto("/")` opens the site."""
    return open_page()


@pytest.fixture
def open_scope(open_page: OpenPage) -> OpenScope:
    """Open the site in a profile of its own and wait for Python."""
    return lambda address="/", **options: Scope(open_page(**options)).open(address)


class Desk:
    """The page that tests share, and where its errors go: to the test that is at it."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser = browser
        self.site = site
        self.scope: Scope | None = None
        self.errors = PageErrors()

    def open(self) -> Scope:
        """The page: a new one if there is none."""
        if self.scope is None:
            self.errors = PageErrors()
            context = new_context(self.browser, self.site)
            context.on("page", self.errors.watch)
            self.scope = Scope(context.new_page()).open()
        return self.scope

    def close(self) -> None:
        """Close the page; the next test gets a new one."""
        if self.scope is not None:
            self.scope.page.context.close()
        self.scope = None


@pytest.fixture(scope="session")
def desk(browser: Browser, site: Site) -> Iterator[Desk]:
    """The page that tests share."""
    shared = Desk(browser, site)
    yield shared
    shared.close()


@pytest.fixture
def scope(desk: Desk, page_errors: PageErrors, request: pytest.FixtureRequest) -> Iterator[Scope]:
    """An open page with Python there, used by other tests before; the clock is virtual, no program runs."""
    failed = request.session.testsfailed
    shared = desk.open()
    shared.settle()
    yield shared
    page_errors.seen += desk.errors.seen
    desk.errors.seen.clear()
    # A test that went wrong may leave anything behind.
    if request.session.testsfailed > failed or shared.running:
        desk.close()
    page_errors.check()
