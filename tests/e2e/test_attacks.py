"""Strangers' programs and links try what they can (attacks.py): they get nothing, and the page works on.

The suite would be worth nothing if it were blind: one test takes the sandbox away and sees the attacks succeed.
"""

from __future__ import annotations

import json
import re
import textwrap
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from e2e.attacks import (
    EVIL,
    FORGED,
    FRAME,
    LINKS,
    OUT_OF_TURN,
    PROGRAM,
    TEXTS,
    WITHOUT_SANDBOX,
)
from e2e.scope import PATIENCE, Scope, pack
from e2e.stranger import Stranger, stranger
from playwright.sync_api import Dialog, Error, Frame, Page, expect
from serve import Server, Site

from .conftest import OpenPage, PageErrors

ENDED_IT = re.compile("^Failed · the program was ended: it sent")

PRELUDE = """\
import asyncio, js, json, os, struct
from pyodide.ffi import to_js

SITE, LEAK = {site!r}, {leak!r}

def to(**fields):
    return to_js(fields, dict_converter=js.Object.fromEntries)

def trace(meta, rows=0):
    from loopscope.protocol import HEADER, MAGIC, VERSION
    meta += b" " * (-len(meta) % 8)
    return to_js(HEADER.pack(MAGIC, len(meta), rows, VERSION) + meta).buffer

"""

TRY_ALL = """
async def try_all():
    for name, attack in attacks.items():
        try:
            got = await asyncio.wait_for(attack(), 2)
        except BaseException as error:
            print(f"{name}: fails ({type(error).__name__}: {str(error)[:60]!r})")
        else:
            print(f"{name}: works, {got!r}" if got else f"{name}: fails")

asyncio.run(try_all())
print("all tried")
"""

# The frame with neither its sandbox nor its policy.
NO_SANDBOX = """
if (self === top) {
  const { setAttribute } = Element.prototype;
  Element.prototype.setAttribute = function (name, value) {
    if (name !== 'sandbox') setAttribute.call(this, name, value);
  };
  const { get, set } = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, 'srcdoc');
  Object.defineProperty(HTMLIFrameElement.prototype, 'srcdoc', {
    get,
    set(text) {
      set.call(this, text.replace(/<meta[^>]*>/, ''));
    },
  });
}
"""


@contextmanager
def without_policy(site: Site) -> Iterator[Site]:
    """The site on a server that sends no Content Security Policy."""
    rules = [
        replace(
            rule, values={name: v for name, v in rule.values.items() if name != "Content-Security-Policy"}
        )
        for rule in site.rules
    ]
    with Server(0, site.dist, rules) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield Site(f"http://localhost:{server.server_port}", site.dist, rules)
        finally:
            server.shutdown()


@pytest.fixture(scope="module")
def leak() -> Iterator[Stranger]:
    """It lets everybody in."""

    def answer(handler: BaseHTTPRequestHandler, noted: Stranger) -> None:
        noted.asked.append(handler.path)
        handler.send_response(200)
        handler.send_header("Access-Control-Allow-Origin", "*")
        handler.send_header("Cross-Origin-Resource-Policy", "cross-origin")
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"{}")

    with stranger(answer) as noted:
        yield noted


def program(attacks: dict[str, str], site: Site, leak: Stranger) -> str:
    """One program that tries them all, one after the other."""
    parts = [PRELUDE.format(site=site.url, leak=leak.url), "attacks = {}\n"]
    for number, (name, body) in enumerate(attacks.items()):
        text = textwrap.indent(textwrap.dedent(body).strip(), "    ")
        parts.append(f"async def attack_{number}():\n{text}\nattacks[{name!r}] = attack_{number}\n")
    return "".join([*parts, TRY_ALL])


def won_by_program(scope: Scope, site: Site, leak: Stranger) -> set[str]:
    """The attacks from the program that succeed."""
    scope.clock.select_option("real")
    scope.write(program(PROGRAM, site, leak))
    scope.run_button.click()
    # `fetch` is the one thing that the page offers, and its visitor refuses it.
    scope.page.get_by_role("button", name="Refuse localhost").click(timeout=PATIENCE)
    expect(scope.output).to_contain_text("all tried", timeout=PATIENCE)
    lines = scope.printed()
    assert len([line for line in lines if ": works" in line or ": fails" in line]) == len(PROGRAM), lines
    return {line.split(": works")[0] for line in lines if ": works" in line}


# What Playwright says of a frame that the page took away meanwhile; the last where its process has ended, too. Were it
# the page that is gone, whatever is asked of the page next would say so.
FRAME_GONE = re.compile("destroyed|detached|navigat|has been closed")


def sandbox_of(page: Page) -> Frame:
    """The frame in which Python lives; a new one may be on its way."""
    for _ in range(5):
        if page.evaluate("frames.length") == 0:
            Scope(page).run("print('a fresh one')")
            page.wait_for_function("() => frames.length > 0")
        try:
            frame = [frame for frame in page.frames if frame.parent_frame == page.main_frame][-1]
            # A frame begins as an empty document, without the policy that comes with its own.
            frame.wait_for_function("() => location.href === 'about:srcdoc' && document.scripts.length > 0")
            return frame
        except IndexError:
            continue  # the page has it, and the browser has not yet told us
        except Error as error:
            if not FRAME_GONE.search(str(error)):
                raise
    raise AssertionError("no frame stays")


def won_in_frame(page: Page, attacks: Iterable[str], site: Site, leak: Stranger) -> set[str]:
    """The attacks from the frame that succeed."""
    won = set()
    for name in attacks:
        frame = sandbox_of(page)
        attack = f"""async ([SITE, LEAK]) => {{
          const attack = async () => {{ {FRAME[name]} }};
          const patience = new Promise((done) => setTimeout(done, 500));
          try {{
            return !!(await Promise.race([attack(), patience]));
          }} catch {{
            return false;
          }}
        }}"""
        try:
            if frame.evaluate(attack, [site.url, leak.url]):
                won.add(name)
        except Error as error:
            # It left its place, and the page removed it.
            if not FRAME_GONE.search(str(error)):
                raise
            expect(Scope(page).status).to_have_text(re.compile("Ready|Finished|Failed"))
    return won


@contextmanager
def watched(page: Page) -> Iterator[dict[str, Any]]:
    """What happens around the page meanwhile: windows, downloads, dialogs, addresses of others that are asked."""
    seen: dict[str, Any] = {"windows": [], "downloads": [], "dialogs": [], "addresses": []}

    here = page.url.partition("#")[0]

    def dismiss(dialog: Dialog) -> None:
        seen["dialogs"].append(dialog.message)
        dialog.dismiss()

    def navigated(frame: Frame) -> None:
        # The page's own address changes with its program.
        if frame == page.main_frame and not frame.url.startswith(here):
            seen["addresses"].append(frame.url)

    page.context.on("page", lambda one: seen["windows"].append(one.url))
    page.on("download", lambda one: seen["downloads"].append(one.url))
    page.on("dialog", dismiss)
    page.on("framenavigated", navigated)
    yield seen


LOOT = """async () => [
  localStorage.getItem('a'),
  sessionStorage.getItem('a'),
  document.cookie,
  (await caches.keys()).includes('loot'),
  (await indexedDB.databases()).some(({ name }) => name === 'loot'),
  (await navigator.serviceWorker.getRegistrations()).some(({ active }) => active?.scriptURL.includes('loot')),
  window.owned,
  ({}).polluted,
]"""
NO_LOOT = [None, None, "", False, False, False, None, None]


def open_with_leak(open_page: OpenPage, page_errors: PageErrors, **options: Any) -> Scope:
    # The browser tells on the console what the policy keeps from happening.
    page_errors.allow(
        "Content Security Policy|Not allowed to|Blocked|blocked|ERR_|sandboxed|Failed to|violates|Ignored call"
        "|Unsafe attempt|securityError|net::|Permissions policy violation"
    )
    return Scope(open_page(**options)).open()


def test_nothing_that_a_program_or_its_frame_tries_succeeds(
    open_page: OpenPage, page_errors: PageErrors, site: Site, leak: Stranger
) -> None:
    leak.asked.clear()
    scope = open_with_leak(open_page, page_errors)
    page = scope.page
    with watched(page) as seen:
        assert won_by_program(scope, site, leak) == set()
        scope.run("print('works on')")
        assert won_in_frame(page, FRAME, site, leak) == set()
        scope.clock.select_option("virtual")
        scope.run("print('works on')")
        scope.expect_output("works on")
    assert leak.asked == []
    assert {name: what for name, what in seen.items() if what} == {}
    assert page.evaluate(LOOT) == NO_LOOT
    assert page.context.cookies() == []
    assert len(page.context.pages) == 1


def test_without_its_sandbox_the_same_attacks_succeed(
    open_page: OpenPage, page_errors: PageErrors, site: Site, leak: Stranger
) -> None:
    page_errors.allow(".")
    with without_policy(site) as bare:
        page = open_page(base_url=bare.url)
        page.add_init_script(NO_SANDBOX)
        page.on("dialog", lambda one: one.dismiss())
        scope = Scope(page).open()
        leak.asked.clear()
        assert won_by_program(scope, bare, leak) >= WITHOUT_SANDBOX["program"]
        wanted = WITHOUT_SANDBOX["frame"]
        assert won_in_frame(page, sorted(wanted), bare, leak) == wanted
        assert {"/xhr", "/frame-fetch"} <= set(leak.asked)
        assert page.evaluate(LOOT) != NO_LOOT


def test_forged_messages_end_the_run_or_come_to_nothing(
    open_page: OpenPage, page_errors: PageErrors, site: Site, leak: Stranger
) -> None:
    scope = open_with_leak(open_page, page_errors)
    page = scope.page
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    begin = PRELUDE.format(site=site.url, leak=leak.url) + "print('begun')\n"
    wait = "asyncio.run(asyncio.sleep(3600))"
    scope.clock.select_option("real")
    for name, message in FORGED.items():
        scope.run(f"{begin}js.postMessage({message})\n{wait}", ends=ENDED_IT)
        assert page.evaluate(LOOT) == NO_LOOT, name
    asked.clear()
    scope.run(
        begin + "".join(f"js.postMessage({message})\n" for message in OUT_OF_TURN) + "print('went on')",
    )
    scope.expect_output("begun", "went on")
    assert [url for url in asked if not url.startswith((site.url, "blob:"))] == []
    assert "loot" not in page.url
    # Its end may be told by itself, and what it says is text.
    exit_code = {
        "how": 14,
        "code": 1,
        "problem": {"type": EVIL, "message": EVIL, "text": EVIL, "line": 1e308},
    }
    scope.run(
        f"{begin}js.postMessage(to(type='done', exit={json.dumps(exit_code)!r}))\n{wait}",
        ends=re.compile("^Failed · <img"),
    )
    assert page.evaluate(LOOT) == NO_LOOT
    scope.run("print('works on')")
    scope.expect_output("works on")


@pytest.mark.parametrize(
    "flood",
    [
        "while True:\n    js.postMessage(to(type='ask'))",
        "while True:\n    js.postMessage(to(type='batch', frame=js.ArrayBuffer.new(8_000_000)))",
    ],
    ids=["of messages", "of bytes"],
)
def test_a_flood_is_stopped_while_the_page_answers(
    scope: Scope, site: Site, leak: Stranger, page_errors: PageErrors, flood: str
) -> None:
    scope.write(PRELUDE.format(site=site.url, leak=leak.url) + flood)
    scope.run_button.click()
    scope.tab("Findings")
    scope.tab("Selected")
    expect(scope.status).to_contain_text("Failed · the program was ended: it sent", timeout=PATIENCE)
    scope.run("print('works on')")
    scope.expect_output("works on")


def test_what_a_program_names_and_says_is_text(scope: Scope, page_errors: PageErrors) -> None:
    scope.run(TEXTS.replace("EVIL", repr(EVIL), 1), ends=re.compile("^Failed"))
    page = scope.page

    def expect_no_markup() -> None:
        scope.frame()
        assert page.evaluate(LOOT) == NO_LOOT
        expect(page.locator("img[src=x], script:not([src])")).to_have_count(0)

    expect(scope.output).to_contain_text(EVIL)
    for tab in page.get_by_role("tab").all():
        tab.click()
        for _ in range(4):
            scope.forward.click()
            expect_no_markup()
    for row in scope.tasks.get_by_role("row").all():
        row.click()
        page.keyboard.press("ArrowRight")
        expect_no_markup()
    box = scope.canvas.bounding_box()
    assert box
    for y in range(40, int(box["height"]), 40):
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + y)
        expect_no_markup()


def test_links_hold_no_trap(scope: Scope, page_errors: PageErrors) -> None:
    page = scope.page
    traps = {name: pack(text.replace("EVIL", json.dumps(EVIL)).encode()) for name, text in LINKS.items()}
    traps["a bomb"] = pack(b'{"code": "' + b"x" * 50_000_000 + b'"}')
    traps["a bomb in a bomb"] = pack(zlib.compress(b"x" * 50_000_000))
    traps["a damaged link"] = pack(b'{"code": "1"}')[:-3]
    traps["another scheme"] = "#javascript:window.owned=1"
    traps["markup"] = "#" + EVIL
    traps["another encoding"] = "#p99=AAAA"
    traps["a link too long"] = "#p1=" + "A" * 1_900_000
    for name, trap in traps.items():
        page.evaluate("trap => { location.hash = trap }", trap)
        scope.frame()
        assert page.evaluate(LOOT) == NO_LOOT, name
        assert not scope.running, name
        expect(scope.run_button).to_be_visible()
    page.evaluate("link => { location.hash = link }", pack(b'{"code": "print(\'a good one\')"}'))
    expect(scope.program).to_contain_text("a good one")
    scope.run()
    scope.expect_output("a good one")
