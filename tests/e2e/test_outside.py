"""A program asks another host: the visitor is asked first, and what is refused is a clear error."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from e2e.scope import PATIENCE, Scope, link
from e2e.stranger import Stranger, stranger
from e2e.test_trace_file import drop
from playwright.sync_api import expect
from serve import Site

from .conftest import OpenPage, PageErrors

PROGRAM = """\
import asyncio
from pyodide.http import pyfetch

async def ask(path, **options):
    try:
        answer = await pyfetch(path, **options)
        print(answer.status, await answer.string())
    except Exception as error:
        print(f"{{type(error).__name__}}: {{error}}")

async def main():
    await ask("{url}/data")
    await ask("{url}/data", method="POST", body="loot")
    await ask("{url}/redirect")
    await ask("{site}/index.html")

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def host() -> Iterator[Stranger]:
    """It lets other sites read it."""

    def answer(handler: BaseHTTPRequestHandler, noted: Stranger) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0)).decode()
        who = handler.headers.get("Cookie") or handler.headers.get("Referer") or "nobody"
        noted.asked.append(f"{handler.command} {handler.path} {body} {who}".replace("  ", " "))
        moved = handler.path == "/redirect"
        handler.send_response(302 if moved else 200)
        if moved:
            handler.send_header("Location", "/data")
        handler.send_header("Access-Control-Allow-Origin", "*")
        handler.send_header("Content-Length", "5")
        handler.end_headers()
        handler.wfile.write(b"hello")

    with stranger(answer) as noted:
        yield noted


def test_the_visitor_refuses_and_then_allows_a_host(
    scope: Scope, site: Site, host: Stranger, page_errors: PageErrors
) -> None:
    name = host.url.removeprefix("http://")
    refuse = scope.page.get_by_role("button", name=f"Refuse {name}")
    allow = scope.page.get_by_role("button", name=f"Allow {name}")
    scope.write(PROGRAM.format(url=host.url, site=site.url))
    scope.run_button.click()
    expect(scope.page.get_by_role("alert")).to_contain_text(f"request (GET) to {name}", timeout=PATIENCE)
    expect(scope.status).to_have_text("Running, waits for your permission")
    refuse.focus()
    scope.page.keyboard.press("Enter")
    expect(scope.status).to_have_text("Finished")
    lines = scope.printed()
    assert [line for line in lines[:3] if "did not allow the program to ask this host" in line] == lines[:3]
    assert "a program may not ask the site that it runs on" in lines[3]
    assert host.asked == []

    # Asked again in the next run, and once more when something else was told meanwhile; once allowed, no more.
    scope.run_button.click()
    expect(allow).to_be_visible(timeout=PATIENCE)
    drop(scope.page, "broken.loopscope", b"no trace at all")
    expect(scope.alert).to_contain_text("not a Loopscope trace file")
    scope.alert.get_by_role("button", name="Dismiss").click()
    allow.click()
    expect(scope.status).to_have_text("Finished")
    lines = scope.printed()
    assert lines[:2] == ["200 hello", "200 hello"]
    assert "redirects are not followed" in lines[2]
    assert host.asked == ["GET /data nobody", "POST /data loot nobody", "GET /redirect nobody"]
    scope.run()
    assert scope.printed()[0] == "200 hello"

    # Another program has to ask anew; and Stop ends the asking.
    scope.page.evaluate(
        "link => { location.hash = link }", link(PROGRAM.format(url=host.url, site=site.url) + "#")
    )
    expect(scope.program).to_contain_text("asyncio.run(main())")
    scope.run_button.click()
    expect(allow).to_be_visible(timeout=PATIENCE)
    scope.stop()
    expect(allow).to_have_count(0)


def test_the_question_is_read_on_a_phone(open_page: OpenPage, host: Stranger, site: Site) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    program = PROGRAM.format(url=host.url, site=site.url)
    scope = Scope(page).open(link(program))
    scope.run_button.tap()
    question = page.get_by_role("alert")
    expect(question).to_be_visible(timeout=PATIENCE)
    words = question.locator("p").bounding_box()
    answers = [question.get_by_role("button", name=name).bounding_box() for name in ("Allow", "Refuse")]
    assert words
    assert words["width"] > 300
    for answer in answers:
        assert answer
        assert answer["y"] >= words["y"] + words["height"]
    question.get_by_role("button", name="Refuse").tap()
    expect(question).to_have_count(0)
