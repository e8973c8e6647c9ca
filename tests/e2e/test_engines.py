"""The main job in three engines: Chromium, Firefox and WebKitGTK, all real."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from e2e.default_run import LINES, PROGRAM
from e2e.drivers import ENGINES, Person, sit_down
from e2e.scope import link
from e2e.stranger import Stranger, stranger
from engines import ROOT
from playwright.sync_api import Playwright
from serve import Site

ROWS = """[...document.querySelectorAll('[role=treegrid] [role=row]')]
  .map(row => row.getAttribute('aria-label') ?? row.textContent)"""


@pytest.fixture(scope="module", params=ENGINES)
def person(request: pytest.FixtureRequest, playwright: Playwright, site: Site) -> Iterator[Person]:
    """Somebody with one of the browsers; the tests share its window."""
    with sit_down(request.param, playwright, site.url) as one:
        yield one


def test_a_program_is_opened_edited_run_and_stopped(person: Person) -> None:
    person.goto("/")
    # The recorded run is there at once.
    person.output(*LINES)
    assert person.program() == PROGRAM
    person.status("Ready")
    assert person.js("crossOriginIsolated")
    person.run()
    person.output(*LINES)
    person.until(f"{ROWS}.some(row => row.startsWith('foo: 2 steps, finished'))")

    # By keyboard: type, and run.
    person.click("textbox", "Program")
    person.press("Control+End")
    person.type("\nprint('typed here')")
    person.press("Control+Enter")
    person.until("document.querySelector('[role=log]').textContent.includes('typed here')")
    person.status("Finished")

    # What never ends is stopped, busy or asleep, and the next program runs.
    for endless in (
        "print('begun')\nwhile True: pass\n",
        "import asyncio\nprint('begun')\nasyncio.run(asyncio.Event().wait())\n",
    ):
        person.write(endless)
        person.click("button", "Run")
        person.status("Running")
        person.until("document.querySelector('[role=log]').textContent.startsWith('begun')", patience=60)
        person.click("button", "Stop")
        person.status("Stopped")
    person.run("print('again')")
    person.output("again")


def test_a_link_opens_its_program_and_the_address_follows(person: Person) -> None:
    code = "import asyncio\nasync def greet(): print('Grüße, 你好')\nasyncio.run(greet())\n"
    person.goto("/" + link(code, clock="real"))
    person.status("Ready")
    assert person.program() == code.removesuffix("\n") + "\n"
    person.until("document.querySelector('select')?.value", "real")
    person.run()
    person.output("Grüße, 你好")
    before = person.js("location.hash")
    person.click("textbox", "Program")
    person.press("Control+End")
    person.type("# more")
    person.until(f"location.hash !== {json.dumps(before)}")
    # What was written is there again, also without the link.
    person.goto("/")
    person.until(
        "document.querySelector('[role=textbox][aria-label=Program]')?.textContent.endsWith('# more') ?? false"
    )


def test_the_timeline_is_read_and_walked_by_keyboard_and_has_no_barrier(person: Person) -> None:
    person.goto("/" + link(PROGRAM))
    person.status("Ready")
    person.run()
    person.click("button", "Step forward")
    person.see("heading", "main, step 1 of 2")
    person.js("document.querySelector('[role=treegrid] [tabindex=\"0\"]').focus()")
    person.press(".")
    person.see("heading", "foo, step 1 of 2")
    person.press(",")
    person.see("heading", "main, step 1 of 2")
    before = person.js("document.activeElement.textContent")
    person.press("ArrowDown")
    person.until(f"document.activeElement.textContent !== {json.dumps(before)}")
    assert person.js("document.activeElement.closest('[role=treegrid]') !== null")
    # Something is drawn, in more than one colour.
    colours = """(canvas => new Set(new Uint32Array(
        canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size)"""
    canvas = "document.querySelector('[role=img][aria-label^=\"Timeline of\"]')"
    assert person.js(f"{canvas} instanceof HTMLCanvasElement ? {colours}({canvas}) : 99") > 4
    # Escape, then Tab, leaves the editor.
    person.click("textbox", "Program")
    person.press("Escape")
    person.press("Tab")
    assert person.js("document.activeElement.closest('.cm-editor') === null")

    axe = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    person.js(f"(() => {{ {axe} }})()")
    found = person.js(
        "axe.run({ resultTypes: ['violations'] }).then(result => result.violations.map("
        "rule => `${rule.id}: ${rule.nodes.map(node => node.target)}`))"
    )
    assert found == []


# A frame like Python's with two scripts more; what it is heard to say.
FRAME_WITH_MORE = """new Promise((done) => {
  const heard = [];
  const frame = document.createElement('iframe');
  const { port1, port2 } = new MessageChannel();
  addEventListener('message', ({ source, data }) => source === frame.contentWindow && heard.push(data));
  port1.onmessage = ({ data }) => {
    frame.remove();
    done([...heard, data.type]);
  };
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.srcdoc = document.querySelector('iframe[title=Python]').srcdoc
    + `<script>parent.postMessage('inline', '*')</script>`
    + `<img src="data:," onerror="parent.postMessage('handler', '*')">`;
  frame.onload = () => frame.contentWindow.postMessage(null, '*', [port2]);
  document.body.append(frame);
})"""


def test_the_sandbox_runs_no_script_but_its_own(person: Person) -> None:
    person.goto("/")
    person.until("document.querySelector('iframe[title=Python]') !== null")
    assert person.js(FRAME_WITH_MORE) == ["open"]


def test_a_playground_runs_its_program(person: Person) -> None:
    person.goto("/embed.html" + link(PROGRAM))
    person.see("button", "Run")
    # Python comes when somebody presses Run, not before.
    assert person.js("document.querySelector('iframe[title=Python]')") is None
    person.click("button", "Run")
    person.output(*LINES)
    person.status("Finished")


def test_a_program_asks_another_host_when_the_visitor_allows_it(person: Person) -> None:
    def answer(handler: BaseHTTPRequestHandler, noted: Stranger) -> None:
        noted.asked.append(handler.path)
        handler.send_response(200)
        handler.send_header("Access-Control-Allow-Origin", "*")
        handler.send_header("Content-Length", "300000")
        handler.end_headers()
        handler.wfile.write(b"hello " * 50_000)

    with stranger(answer) as host:
        code = (
            "from pyodide.http import pyfetch\n"
            f"answer = await pyfetch('{host.url}/data')\n"
            "text = await answer.string()\n"
            "print(text[:5], len(text))\n"
        )
        person.goto("/" + link(code))
        person.status("Ready")
        person.click("button", "Run")
        if person.js("'Suspending' in WebAssembly"):
            person.click("button", f"Allow {host.url.removeprefix('http://')}")
            person.output("hello 300000")
            assert host.asked == ["/data"]
        else:
            person.until("document.querySelector('[role=log]').textContent.includes('it lacks JSPI')")
            assert host.asked == []


@pytest.mark.parametrize("without", ["jspi", "shared", "jspi,shared,offline"])
def test_what_an_engine_may_lack_is_done_without(person: Person, without: str) -> None:
    code = (
        "import asyncio\n"
        "async def main():\n"
        "    async with asyncio.timeout(5):\n"
        "        await asyncio.sleep(0.01)\n"
        "    print('done')\n"
        "asyncio.run(main())\n"
    )
    person.goto(f"/?without={without}" + link(code, clock="real"))
    person.status("Ready")
    person.run()
    person.output("done")
    person.write("print('begun')\nwhile True: pass\n")
    person.click("button", "Run")
    person.status("Running")
    person.click("button", "Stop")
    person.status("Stopped")
    person.run("print('again')")
    person.output("again")


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_without_something_essential_says_so_and_shows_what_it_can(
    engine: str, playwright: Playwright, site: Site
) -> None:
    with sit_down(engine, playwright, site.url, without="WebAssembly") as person:
        person.goto("/")
        person.output(*LINES)
        assert person.program() == PROGRAM
        person.until("document.querySelector('.notices').textContent.includes('has no WebAssembly')")
        person.status("Failed")
        person.click("button", "Step forward")
        person.see("heading", "main, step 1 of 2")
        # A link's program is shown, too.
        person.goto("/" + link("print('to read')"))
        person.until("document.querySelector('.cm-content')?.textContent", "print('to read')")
