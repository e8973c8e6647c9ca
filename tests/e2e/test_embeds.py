"""Somebody reads a page of documentation, elsewhere, with playgrounds in it."""

from __future__ import annotations

import base64
import functools
import http.server
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from e2e.conftest import OpenPage, PageErrors
from e2e.scope import link, unpack
from e2e.test_accessible import SCHEMES, axe
from e2e.test_phone import PHONE
from e2e.test_stop import WAITS_WHILE_IT_CLEANS_UP
from e2e.test_trace_file import recorded as native_run
from playwright.sync_api import Frame, FrameLocator, Page, expect
from serve import Site

QUICK = "import asyncio\n\nasync def main():\n    print('quick')\n\nasyncio.run(main())\n"
LONG = "import asyncio\n\nasync def main():\n    print('long')\n    await asyncio.sleep(60)\n\nasyncio.run(main())\n"
RECORDED = """\
import asyncio

async def waiter():
    await asyncio.sleep(0.5)
    print('recorded elsewhere')

asyncio.run(waiter())
"""

Publish = Callable[[str], str]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Another site, of another origin: its address and its folder. It sends no headers of its own."""
    folder = tmp_path_factory.mktemp("elsewhere")
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()


@pytest.fixture
def publish(site: Site, elsewhere: tuple[str, Path], request: pytest.FixtureRequest) -> Publish:
    """Put an article on the other site; its address."""
    address, folder = elsewhere

    def write(body: str) -> str:
        name = re.sub(r"\W", "-", request.node.name) + ".html"
        script = f'<script type="module" src="{site.url}/loopscope-playground.js"></script>'
        (folder / name).write_text(
            f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" '
            f'content="width=device-width"><title>Elsewhere</title><link rel="icon" href="data:,">{script}'
            f"<body>{body}</body></html>",
            encoding="utf-8",
        )
        return f"{address}/{name}"

    return write


def inline(program: str, attributes: str = "", beside: str = "") -> str:
    script = f"<script type='text/x-python'>\n{program}</script>"
    return f"<loopscope-playground {attributes}>{script}{beside}</loopscope-playground>"


class Playground:
    """One of a page's playgrounds."""

    def __init__(self, page: Page, number: int = 0) -> None:
        self.frame: FrameLocator = page.frame_locator("iframe").nth(number)
        self.run = self.frame.get_by_role("button", name="Run", exact=True)
        self.status = self.frame.get_by_role("status")
        self.output = self.frame.get_by_role("log", name="Output")
        self.program = self.frame.get_by_role("textbox", name="Program")
        self.tasks = self.frame.get_by_role("treegrid", name="Tasks")


def trace(contents: str) -> str:
    """A recorded run that the page carries itself."""
    return f"<script type='application/x-loopscope-trace'>{contents}</script>"


def sandboxes(page: Page) -> list[Frame]:
    """Where Python is."""
    return [frame for frame in page.frames if frame.url == "about:srcdoc"]


def test_three_on_one_page_from_elsewhere_share_one_python(
    page: Page, site: Site, publish: Publish, elsewhere: tuple[str, Path]
) -> None:
    native_run(RECORDED, elsewhere[1])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(
        publish(
            inline(QUICK)
            + f'<loopscope-playground link="{site.url}/{link(LONG, clock="real")}"></loopscope-playground>'
            + '<loopscope-playground recording="native.loopscope"></loopscope-playground>'
        )
    )
    quick, long, recorded = (Playground(page, number) for number in range(3))
    # The run that the page carries is there, and nothing of Python is.
    expect(recorded.output).to_contain_text("recorded elsewhere")
    expect(recorded.tasks.get_by_role("row", name=re.compile("^waiter: .* finished"))).to_be_visible()
    expect(quick.frame.get_by_text("Run the program to see")).to_be_visible()
    expect(long.frame.get_by_text("Run the program to see")).to_be_visible()
    assert not [url for url in asked if "/runtime/" in url]

    long.run.click()
    expect(long.output).to_have_text("long", timeout=60_000)
    expect(long.status).to_contain_text("Running")
    # One runs at a time; the other one is told.
    quick.run.click()
    expect(quick.output).to_have_text("quick", timeout=60_000)
    expect(quick.status).to_contain_text("Finished")
    expect(long.status).to_contain_text("Stopped · another program on this page was started")
    recorded.run.click()
    expect(recorded.status).to_contain_text("Finished", timeout=60_000)
    expect(recorded.output).to_have_text("recorded elsewhere")
    expect(recorded.frame.get_by_text("recorded run")).to_have_count(0)
    assert len(sandboxes(page)) == 1

    # The playground that keeps Python is taken out of the page: the next Run starts it again.
    page.evaluate("document.querySelectorAll('loopscope-playground')[1].remove()")
    quick = Playground(page, 0)
    quick.run.click()
    expect(quick.status).to_contain_text("Finished", timeout=60_000)
    assert len(sandboxes(page)) == 1


def test_a_stopped_program_has_the_time_to_clean_up(page: Page, site: Site) -> None:
    page.goto("/embed.html" + link(WAITS_WHILE_IT_CLEANS_UP.format(3), clock="real"))
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("log", name="Output")).to_contain_text("begun")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("it cleans up: Stop, pressed again, ends it at once")
    expect(page.get_by_role("log", name="Output")).to_contain_text("saved")
    expect(page.get_by_role("status")).to_have_text("Stopped")


# What the Python that a frame keeps does, once that is what is waited for, or after ten seconds.
PHASE = """async (phase) => {
  const { runtime, seats } = window.loopscopeDesk;
  for (let k = 0; k < 200 && runtime.phase !== phase; k++) await new Promise((done) => setTimeout(done, 50));
  return [runtime.phase, seats.size];
}"""


def test_a_playground_that_goes_away_takes_its_program_with_it(
    page: Page, site: Site, publish: Publish
) -> None:
    address = f"{site.url}/{link(LONG, clock='real')}"
    page.goto(publish(inline(QUICK) + f'<loopscope-playground link="{address}"></loopscope-playground>'))
    quick, long = Playground(page, 0), Playground(page, 1)
    quick.run.click()
    expect(quick.status).to_contain_text("Finished", timeout=60_000)
    long.run.click()
    expect(long.status).to_contain_text("Running", timeout=60_000)
    keeper = next(frame for frame in page.frames if frame.url.endswith("/embed.html?from=page"))
    assert keeper.evaluate(PHASE, "running") == ["running", 2]

    # The page is left, and comes back from the browser's cache.
    left = "dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))"
    long.frame.locator("body").evaluate(left)
    expect(long.status).to_contain_text("Stopped · this playground was left")
    assert keeper.evaluate(PHASE, "stopped") == ["stopped", 1]
    long.run.click()
    expect(long.status).to_contain_text("Running", timeout=60_000)

    page.evaluate("document.querySelectorAll('loopscope-playground')[1].remove()")
    assert keeper.evaluate(PHASE, "stopped") == ["stopped", 1]
    quick.run.click()
    expect(quick.status).to_contain_text("Finished", timeout=60_000)


def test_a_recorded_run_beside_a_link_is_shown_with_its_program(
    page: Page, site: Site, publish: Publish, elsewhere: tuple[str, Path]
) -> None:
    contents = base64.b64encode(native_run(RECORDED, elsewhere[1])).decode()
    address = f'link="{site.url}/{link(RECORDED, pace=2, seed=7)}" panes="program output"'
    page.goto(
        publish(
            f'<loopscope-playground {address} recording="native.loopscope"></loopscope-playground>'
            + f"<loopscope-playground {address}>{trace(contents)}</loopscope-playground>"
        )
    )
    for playground in (Playground(page, 0), Playground(page, 1)):
        expect(playground.output).to_contain_text("recorded elsewhere")
        expect(playground.program).to_contain_text("async def waiter():")
        expect(playground.frame.get_by_text("edited since this run")).to_have_count(0)
        # What else the link says goes on to Loopscope.
        opened = playground.frame.get_by_role("link", name="Open in Loopscope")
        expect(opened).to_have_attribute("href", re.compile("#p1="))
        there = unpack(opened.get_attribute("href") or "")
        assert there == {"code": RECORDED, "pace": 2, "seed": 7}


def test_attributes_do_what_they_say(page: Page, site: Site, publish: Publish) -> None:
    page.goto(
        publish(
            inline(QUICK, 'height="444" panes="program timeline" theme="dark" readonly label="A quick one"')
            + "<loopscope-playground theme='light' panes='program'>\n    print('plain text')\n</loopscope-playground>"
        )
    )
    dark, plain = Playground(page, 0), Playground(page, 1)
    expect(page.get_by_title("A quick one")).to_have_css("height", "444px")
    expect(dark.program).to_contain_text("async def main():")
    expect(dark.program).to_have_attribute("aria-readonly", "true")
    expect(dark.output).to_be_hidden()
    dark.frame.get_by_role("button", name="Output").click()
    expect(dark.output).to_be_visible()
    expect(plain.program).to_have_text("print('plain text')")
    background = "getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).slice(0, 3).map(Number)"
    shades = [sum(frame.evaluate(background)) for frame in page.frames[1:3]]
    assert shades[0] < shades[1] / 3
    # Whoever wants more opens it in Loopscope.
    opened = dark.frame.get_by_role("link", name="Open in Loopscope")
    with page.expect_popup() as popup:
        opened.click()
    expect(popup.value.get_by_role("textbox", name="Program")).to_contain_text("print('quick')")


def test_the_keyboard_goes_through_and_comes_out(page: Page, publish: Publish) -> None:
    page.goto(
        publish(
            "<button id='before'>before</button>"
            + inline(QUICK, 'panes="program output timeline"')
            + "<button id='after'>after</button>"
        )
    )
    playground = Playground(page)
    expect(playground.program).to_contain_text("quick")
    page.locator("#before").focus()
    through = []
    for _ in range(40):
        page.keyboard.press("Tab")
        through.append(page.evaluate("document.activeElement.id || document.activeElement.localName"))
        if through[-1] == "after":
            break
    assert through[-1] == "after", through
    assert "iframe" in through
    # And back, by way of the editor, where Tab is a key as anywhere.
    playground.program.focus()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.id") == "before":
            break
    expect(page.locator("#before")).to_be_focused()
    lines = playground.program.locator(".cm-line").all_text_contents()
    assert "\n".join(lines) == QUICK


def test_a_playground_on_a_phone(open_page: OpenPage, site: Site) -> None:
    page = open_page(**PHONE)
    page.goto(f"/embed.html{link(QUICK)}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_role("log", name="Output")).to_be_visible()
    expect(page.get_by_role("region", name="Timeline")).to_be_hidden()
    panes = page.get_by_role("group", name="Pane in view")
    panes.get_by_role("button", name="Program").tap()
    expect(page.get_by_role("textbox", name="Program")).to_contain_text("quick")
    page.get_by_role("button", name="Run", exact=True).tap()
    expect(page.get_by_role("status")).to_contain_text("Finished", timeout=60_000)
    panes.get_by_role("button", name="Timeline").tap()
    expect(page.get_by_role("row", name=re.compile("^main"))).to_be_visible()


def test_python_is_loaded_on_view_where_the_page_asks_for_it(page: Page, publish: Publish) -> None:
    page.goto(publish("<div style='height: 3000px'>far</div>" + inline(QUICK, "autoload")))
    page.locator("loopscope-playground").scroll_into_view_if_needed()
    playground = Playground(page)
    expect(playground.status).to_contain_text("Ready · Python", timeout=60_000)
    # It never runs by itself.
    expect(playground.output).to_be_empty()


def test_what_cannot_be_read_is_told(
    page: Page, site: Site, publish: Publish, page_errors: PageErrors, elsewhere: tuple[str, Path]
) -> None:
    page_errors.allow("404|loopscope-playground: (missing.py|the trace inside is damaged)")
    (elsewhere[1] / "broken.loopscope").write_bytes(b"no trace at all")
    page.goto(
        publish(
            f'<loopscope-playground link="{site.url}/#p1=broken"></loopscope-playground>'
            + inline(QUICK, 'recording="broken.loopscope" panes="program"')
            + '<loopscope-playground src="missing.py"></loopscope-playground>'
            + inline(QUICK, 'panes="program"', trace("no base64: at all"))
        )
    )
    expect(Playground(page, 0).frame.get_by_role("alert")).to_contain_text("This link is damaged")
    expect(Playground(page, 1).frame.get_by_role("alert")).to_have_text("This is not a Loopscope trace file.")
    expect(Playground(page, 1).program).to_contain_text("quick")
    expect(Playground(page, 2).run).to_be_visible()
    page.locator("loopscope-playground").nth(3).scroll_into_view_if_needed()
    expect(Playground(page, 3).program).to_contain_text("quick")
    assert any("the trace inside is damaged" in error for error in page_errors.seen)


def test_the_site_itself_is_framed_by_nobody(
    page: Page, site: Site, publish: Publish, page_errors: PageErrors
) -> None:
    page_errors.allow("frame-ancestors|ERR_BLOCKED")
    page.goto(publish(f'<iframe src="{site.url}/"></iframe>'))
    page.wait_for_load_state("networkidle")
    assert page.frame_locator("iframe").get_by_role("button").count() == 0


def test_the_articles_have_no_barrier(open_page: OpenPage) -> None:
    for options in ({}, PHONE):
        page = open_page(**options)
        for address in ("/embed-demo.html", "/cheat-sheet.html", f"/embed.html{link(QUICK)}"):
            page.goto(address)
            page.wait_for_load_state("networkidle")
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                page.evaluate(f"() => {{ {axe()} }}")
                found = page.evaluate("() => axe.run({ resultTypes: ['violations'], iframes: false })")
                assert [
                    (rule["id"], node["target"]) for rule in found["violations"] for node in rule["nodes"]
                ] == [], (
                    address,
                    scheme,
                )


def test_the_article_that_shows_playgrounds_shows_them(page: Page) -> None:
    page.goto("/embed-demo.html")
    recorded = Playground(page, 2)
    recorded.run.scroll_into_view_if_needed()
    # The site has this program's run; it is shown before Python is there.
    expect(recorded.output).to_contain_text("Running in foo")
    queue = Playground(page, 0)
    queue.run.click()
    expect(queue.tasks.get_by_role("row", name=re.compile("^producer: .* finished"))).to_be_visible(
        timeout=60_000
    )
