"""What can go wrong on the way does: nothing is lost, the page says what happened, and goes on without a reload."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from e2e.conftest import OpenPage, PageErrors
from e2e.default_run import LINES
from e2e.scope import PATIENCE, Scope, link
from netlify_headers import read_rules
from playwright.sync_api import Locator, Page, expect
from serve import DIST, Handler, Server

LOST = re.compile("^Failed.*Python could not be loaded")


class Line:
    """The way between browser and site, and what is wrong with it: a pattern of paths, and a fault."""

    def __init__(self) -> None:
        self.pattern = re.compile("$^")
        self.fault = ""
        self.met = 0
        self.free = threading.Event()

    def breaks(self, pattern: str, fault: str) -> None:
        self.pattern, self.fault, self.met = re.compile(pattern), fault, 0
        self.free.clear()

    def repair(self) -> None:
        self.pattern = re.compile("$^")
        self.free.set()


class Faulty(Handler):
    """Answers as the site's server does, unless the line is broken."""

    line = Line()

    def respond(
        self, status: HTTPStatus, path: str, headers: dict[str, str], body: bytes, with_body: bool
    ) -> None:
        if not self.line.pattern.search(path):
            super().respond(status, path, headers, body, with_body)
            return
        self.line.met += 1
        if self.line.fault == "404":
            super().respond(HTTPStatus.NOT_FOUND, path, {"Content-Type": "text/html"}, b"gone", with_body)
        elif self.line.fault == "slow":
            self.line.free.wait(60)
            super().respond(status, path, headers, body, with_body)
        elif self.line.fault == "offline":
            self.close_connection = True
        else:
            # The headers promise all of it; the line goes dead in the middle.
            super().respond(status, path, headers, body, with_body=False)
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.close_connection = True


@pytest.fixture(scope="module")
def faulty() -> Iterator[str]:
    """The address of the site, over a line that breaks."""
    with Server(0, DIST, read_rules()) as server:
        server.RequestHandlerClass = Faulty
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def line() -> Iterator[Line]:
    yield Faulty.line
    Faulty.line.repair()


@pytest.fixture
def scope_there(open_page: OpenPage, faulty: str, page_errors: PageErrors) -> Scope:
    """A blank page of a site whose line may break. Chromium logs what it could not load; nothing else may go wrong."""
    page_errors.allow("Failed to load resource")
    return Scope(open_page(base_url=faulty))


def notice(page: Page) -> Locator:
    return page.locator(".notice")


ASSETS = {
    "core": r"/pyodide\.asm\.wasm$",
    "rest of the core": r"/rest\.wasm$",
    "memory": r"/assets/memory-.*\.bin$",
    "standard library": r"/stdlib\.zip$",
    "package": r"/assets/loopscope-.*\.zip$",
    "pyodide": r"/runtime/.*/pyodide\.js$",
    "worker": r"/assets/worker-.*\.js$",
}


@pytest.mark.parametrize(
    ("asset", "fault"),
    [
        *((name, "404") for name in ASSETS),
        ("core", "truncated"),
        ("rest of the core", "truncated"),
        ("memory", "truncated"),
        ("standard library", "truncated"),
        ("pyodide", "truncated"),
        ("package", "offline"),
    ],
)
def test_a_part_of_python_that_does_not_come_is_told_and_retried(
    scope_there: Scope, line: Line, asset: str, fault: str
) -> None:
    scope, page = scope_there, scope_there.page
    line.breaks(ASSETS[asset], fault)
    # Restored from a snapshot, Python needs no library to start; where it can wait, no more than half its core.
    late = ("standard library", "package", "rest of the core")
    page.goto("/?without=snapshot" if asset in late else "/")
    expect(scope.status).to_have_text(LOST, timeout=PATIENCE)
    assert line.met
    # The recorded run and the program are there, and what is typed is kept.
    scope.expect_output(*LINES)
    scope.write("print('typed meanwhile')")
    # Still broken: it says so again.
    retry = notice(page).get_by_role("button", name="Retry")
    retry.click()
    expect(scope.status).to_have_text(LOST, timeout=PATIENCE)
    line.repair()
    retry.click()
    scope.wait_until_ready()
    expect(notice(page)).to_have_count(0)
    scope.run()
    scope.expect_output("typed meanwhile")


def test_a_python_that_never_begins_is_told_in_words_and_run_tries_again(page: Page) -> None:
    # As where a browser starts no worker and says nothing of it.
    page.context.route(
        "**/assets/worker-*.js", lambda route: route.fulfill(body="", content_type="text/javascript")
    )
    page.clock.install()
    scope = Scope(page)
    with page.expect_response("**/*.wasm"):
        page.goto("/")
    for _ in range(60):
        # The sandbox has to answer in between: not more seconds at a time than it may be silent.
        page.clock.run_for(5000)
        if not scope.status.inner_text().startswith("Loading"):
            break
        page.wait_for_load_state("networkidle")
    expect(scope.status).to_have_text(re.compile("^Failed.*Python does not begin in this browser"))
    scope.expect_output(*LINES)
    page.context.unroute("**/assets/worker-*.js")
    scope.run("print('it does now')")
    scope.expect_output("it does now")


def test_a_slow_line_keeps_the_page_usable(scope_there: Scope, line: Line) -> None:
    scope = scope_there
    line.breaks(ASSETS["core"], "slow")
    scope.page.goto("/")
    scope.expect_output(*LINES)
    scope.write("print('patience')")
    scope.run_button.click()
    expect(scope.status).to_have_text("Loading Python")
    line.repair()
    expect(scope.status).to_have_text("Finished", timeout=PATIENCE)
    scope.expect_output("patience")


def test_a_recording_that_does_not_come_is_no_loss(scope_there: Scope, line: Line) -> None:
    scope, page = scope_there, scope_there.page
    line.breaks(r"/assets/recording-", "offline")
    page.goto("/")
    page.get_by_role("button", name="Examples").click()
    page.get_by_role("menuitemradio").nth(2).click()
    scope.wait_until_ready()
    scope.run()
    expect(scope.output).not_to_be_empty()


def test_the_sandbox_is_lost_and_a_fresh_one_takes_its_place(open_page: OpenPage) -> None:
    scope = Scope(open_page())
    scope.open("/" + link("print(0)", clock="real"))
    scope.start("import asyncio\nprint('before')\nasyncio.run(asyncio.sleep(3600))\n")
    expect(scope.output).to_contain_text("before")
    # With its frame every worker in it ends; all the page sees is silence.
    scope.page.evaluate("document.querySelector('iframe[title=Python]').remove()")
    expect(scope.status).to_have_text(re.compile("^Failed.*crashed"), timeout=PATIENCE)
    assert scope.printed()[0] == "before"
    scope.run("print('again')")
    scope.expect_output("again")


JUMP = """
  window.jump = 0;
  const now = Date.now;
  Date.now = () => now() + jump;
"""


def test_a_clock_that_jumps_harms_neither_run_nor_program(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script(JUMP)
    scope = Scope(page)
    scope.open("/" + link("print(0)", clock="real"))
    program = "import asyncio\nprint('begun')\nasyncio.run(asyncio.sleep(0.3))\nprint({})\n"
    for number, jump in enumerate((3e10, -6e10, 0)):
        scope.write(program.format(number))
        scope.run_button.click()
        expect(scope.output).to_contain_text("begun")
        page.evaluate("jump => { window.jump = jump }", jump)
        expect(scope.output).to_have_text(f"begun {number}")
        expect(scope.status).to_have_text("Finished")
    page.get_by_role("button", name="your programs").click()
    page.get_by_role("button", name="Earlier texts of From a link").click()
    texts = page.get_by_role("list", name="Earlier texts of From a link").get_by_role("button")
    expect(texts).to_have_count(4)
    expect(texts.first).to_contain_text("as it was run")


def test_a_tab_that_was_suspended_goes_on(open_page: OpenPage) -> None:
    page = open_page()
    scope = Scope(page)
    scope.open("/" + link("print(0)", clock="real"))
    scope.start("import asyncio\nprint('begun')\nasyncio.run(asyncio.sleep(3600))\n")
    expect(scope.output).to_contain_text("begun")
    session = page.context.new_cdp_session(page)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    session.send("Page.setWebLifecycleState", {"state": "active"})
    scope.stop()
    scope.run("print('again')")
    scope.expect_output("again")


def test_a_playground_without_python_says_so_and_tries_again(
    open_page: OpenPage, faulty: str, line: Line, page_errors: PageErrors
) -> None:
    page_errors.allow("Failed to load resource")
    page = open_page(base_url=faulty)
    line.breaks(ASSETS["core"], "404")
    page.goto("/embed.html" + link("print('it came')"))
    status, run = page.get_by_role("status"), page.get_by_role("button", name="Run", exact=True)
    run.click()
    expect(status).to_have_text(LOST, timeout=PATIENCE)
    line.repair()
    notice(page).get_by_role("button", name="Retry").click()
    expect(status).to_have_text(re.compile("^Ready"), timeout=PATIENCE)
    expect(notice(page)).to_have_count(0)
    run.click()
    expect(page.get_by_role("log", name="Output")).to_have_text("it came", timeout=PATIENCE)
