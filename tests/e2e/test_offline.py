"""The whole site is there without a network after the first visit; a new version is offered, never forced."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from e2e.conftest import OpenPage, PageErrors
from e2e.default_run import LINES
from e2e.scope import PATIENCE, Scope
from playwright.sync_api import Page, expect
from serve import DIST, Site, serve

ROOT = Path(__file__).resolve().parents[2]

# Resolves when the page's answers come from a worker that has everything.
KEPT = """async () => {
  await navigator.serviceWorker.ready;
  while (!navigator.serviceWorker.controller) await new Promise(done => setTimeout(done, 20));
}"""

# Asks for a new version; tells how it ended.
UPDATE = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update();
  const worker = registration.installing ?? registration.waiting;
  if (!worker) return 'nothing new';
  while (worker.state === 'installing') await new Promise(done => setTimeout(done, 20));
  return worker.state;
}"""


# How many files each version's cache holds; the worker's own list has as many.
HELD = """async () => {
  const names = (await caches.keys()).filter(name => name.startsWith('site-'));
  return Promise.all(names.map(async name => (await (await caches.open(name)).keys()).length));
}"""


class Deployed:
    """A copy of the site on a server of its own, which can be changed, and taken off the network."""

    def __init__(self, dist: Path) -> None:
        self.dist = dist
        # Links, not copies: what changes is written anew.
        shutil.copytree(DIST, dist, copy_function=os.link)
        self.port = 0
        self.server: AbstractContextManager[Site] | None = None
        self.start()

    def start(self) -> None:
        self.server = serve(self.dist, self.port)
        self.url = self.server.__enter__().url
        self.port = urlsplit(self.url).port or 0

    def stop(self) -> None:
        if self.server:
            self.server.__exit__(None, None, None)
        self.server = None

    @property
    def files(self) -> int:
        """How many files the service worker keeps."""
        worker = (self.dist / "sw.js").read_text(encoding="utf-8")
        found = re.search(r"const FILES = (\{.*?\});", worker, re.DOTALL)
        assert found
        return len(json.loads(found[1]))

    def write(self, path: str, data: bytes) -> None:
        (self.dist / path).unlink(missing_ok=True)
        (self.dist / path).write_bytes(data)

    def release(self, title: str) -> None:
        """Another version: its page has another title."""
        page = (self.dist / "index.html").read_text(encoding="utf-8")
        self.write("index.html", re.sub("<title>.*</title>", f"<title>{title}</title>", page).encode())
        for name in ("index.html.br", "sw.js.br", "sw.js"):
            (self.dist / name).unlink(missing_ok=True)
        script = (
            f"import('./scripts/offline.mjs').then(m => m.writeServiceWorker({json.dumps(str(self.dist))}))"
        )
        node = os.environ.get("LOOPSCOPE_NODE") or shutil.which("node")
        assert node
        subprocess.run([node, "-e", script], cwd=ROOT, check=True, timeout=60)


@pytest.fixture
def deployed(tmp_path: Path) -> Iterator[Deployed]:
    site = Deployed(tmp_path / "site")
    yield site
    site.stop()


@pytest.fixture
def connected(page_errors: PageErrors) -> Callable[[Page], bool]:
    """Whether what the service worker does not have comes from the network."""
    page_errors.allow("/nowhere")
    return lambda page: bool(page.evaluate("fetch('/nowhere').then(() => true, () => false)"))


@pytest.fixture
def visited(open_page: OpenPage, deployed: Deployed) -> Scope:
    """The site after the first visit: all of it is kept."""
    page = open_page(base_url=deployed.url, service_workers="allow")
    scope = Scope(page).open()
    page.evaluate(KEPT)
    return scope


def offered(page: Page) -> Any:
    return page.locator(".notice").filter(has_text="A new version of Loopscope is ready.")


def test_files_that_a_browser_lost_come_again(visited: Scope, deployed: Deployed) -> None:
    page = visited.page
    page.evaluate(
        "caches.keys().then(names => caches.open(names.find(n => n.startsWith('site-')))).then(async cache => {"
        "  for (const key of (await cache.keys()).slice(5)) await cache.delete(key);"
        "})"
    )
    assert page.evaluate(HELD) == [5]
    page.reload()
    page.wait_for_function(f"({HELD})().then(counts => counts[0] === {deployed.files})")


def test_the_site_works_without_a_network_after_the_first_visit(
    visited: Scope, deployed: Deployed, connected: Callable[[Page], bool]
) -> None:
    page = visited.page
    expect(offered(page)).to_have_count(0)
    assert connected(page)
    deployed.stop()
    assert not connected(page)
    page.reload()
    visited.expect_output(*LINES)
    visited.wait_until_ready()
    # The isolation is kept with the page: Stop needs it.
    assert page.evaluate("crossOriginIsolated")
    headers = page.evaluate("fetch('/').then(answer => Object.fromEntries(answer.headers))")
    for name in (
        "content-security-policy",
        "cross-origin-opener-policy",
        "cross-origin-embedder-policy",
        "permissions-policy",
        "referrer-policy",
    ):
        assert headers[name], name
    visited.run("import asyncio\nasync def main(): print('offline')\nasyncio.run(main())\n")
    visited.expect_output("offline")
    visited.start("while True: pass")
    visited.stop()
    # What the first visit never asked for is there, too.
    page.get_by_role("button", name="Examples").click()
    page.get_by_role("menuitemradio").last.click()
    expect(visited.output).not_to_be_empty()
    # Another tab opens as well.
    second = page.context.new_page()
    second.goto("/?without=jspi")
    Scope(second).wait_until_ready()


def test_a_new_version_is_offered_and_comes_when_it_is_wanted(visited: Scope, deployed: Deployed) -> None:
    page = visited.page
    visited.start("print('runs on')\nwhile True: pass")
    deployed.release("The second version")
    assert page.evaluate(UPDATE) == "installed"
    expect(offered(page)).to_be_visible()
    # The program runs on, and an own reload is still the version that was there.
    expect(visited.status).to_have_text(re.compile("^Running"))
    visited.stop()
    expect(visited.output).to_contain_text("runs on")
    page.reload()
    expect(page).to_have_title(re.compile("^Loopscope"))
    visited.wait_until_ready()
    assert page.evaluate(HELD) == [deployed.files] * 2
    # It is still offered; taken, the program is still there.
    offered(page).get_by_role("button", name="Reload").click()
    expect(page).to_have_title("The second version")
    expect(visited.program).to_contain_text("runs on")
    visited.wait_until_ready()
    expect(offered(page)).to_have_count(0)
    # One version is kept, and it is whole.
    page.wait_for_function(
        "caches.keys().then(names => names.filter(n => n.startsWith('site-')).length === 1)"
    )
    assert page.evaluate(HELD) == [deployed.files]
    deployed.stop()
    page.reload()
    expect(page).to_have_title("The second version")
    visited.wait_until_ready()


def test_an_update_that_fails_leaves_the_version_that_works(visited: Scope, deployed: Deployed) -> None:
    page = visited.page
    example = next((deployed.dist / "assets").glob("recording-*.bin"))
    whole = example.read_bytes()
    new = example.with_name("recording-new-0123456789abcdef.bin").relative_to(deployed.dist).as_posix()
    deployed.write(new, whole)
    deployed.release("The second version")
    # Cut off on its way, then not there at all.
    deployed.write(new, whole[:100])  # the browser keeps it for ever, as its header says
    assert page.evaluate(UPDATE) == "redundant"
    (deployed.dist / new).unlink()
    assert page.evaluate(UPDATE) == "redundant"
    expect(offered(page)).to_have_count(0)
    page.reload()
    expect(page).to_have_title(re.compile("^Loopscope"))
    deployed.stop()
    page.reload()
    visited.wait_until_ready()
    visited.run("print('still here')")
    visited.expect_output("still here")
    # Repaired, it is offered.
    deployed.start()
    deployed.write(new, whole)
    assert page.evaluate(UPDATE) == "installed"
    offered(page).get_by_role("button", name="Reload").click()
    expect(page).to_have_title("The second version", timeout=PATIENCE)


def test_the_site_can_be_installed(page: Page, site: Site) -> None:
    page.goto("/404.html")
    page.goto("/")
    session = page.context.new_cdp_session(page)
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    data = json.loads(manifest["data"])
    assert (data["display"], data["start_url"]) == ("standalone", "/")
    for icon in data["icons"]:
        data_url = (site.dist / icon["src"].lstrip("/")).read_bytes()
        if icon["type"] == "image/png":
            width, height = (int.from_bytes(data_url[at : at + 4], "big") for at in (16, 20))
            assert icon["sizes"] == f"{width}x{height}"
    problems = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A profile of a test is a private one.
    assert {problem["errorId"] for problem in problems} <= {"in-incognito"}
