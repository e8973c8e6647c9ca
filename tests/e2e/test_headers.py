"""The server answers with the headers that netlify.toml declares, and the browser grants what they are for."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
from urllib.parse import urlsplit

import pytest
from e2e.conftest import OpenPage, PageErrors
from engines import ROOT
from netlify_headers import headers_for
from playwright.sync_api import Page, expect
from serve import Site


def fetch(site: Site, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=10)
    try:
        connection.request(
            "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def paths(site: Site, suffix: str) -> list[str]:
    return sorted(
        f"/{file.relative_to(site.dist).as_posix()}"
        for file in site.dist.rglob(f"*{suffix}")
        if file.is_file()
    )


def test_every_file_is_served_with_the_declared_headers(site: Site) -> None:
    for path in ["/", "/missing", *(path for path in paths(site, "") if not path.endswith(".br"))]:
        status, headers, _ = fetch(site, path)
        assert status == (404 if path == "/missing" else 200), path
        for name, value in headers_for(path, site.rules).items():
            assert headers[name.lower()] == value, (path, name)


def test_netlify_reads_the_same_headers_for_every_file(site: Site) -> None:
    every = ["/", "/missing", "/sw.js", *(path for path in paths(site, "") if not path.endswith(".br"))]
    node = os.environ.get("LOOPSCOPE_NODE") or shutil.which("node")
    assert node
    done = subprocess.run(
        [node, "tests/netlify.mjs"],
        input=json.dumps(every),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    assert read["errors"] == []
    for path in every:
        declared = {name.lower(): value for name, value in read["answer"][path].items()}
        assert len(declared) >= 9, path
        # As our reader has it, and as the server that `npm start` uses sends it.
        assert declared == {name.lower(): value for name, value in headers_for(path, site.rules).items()}, (
            path
        )
        sent = fetch(site, path)[1]
        assert {name: sent.get(name) for name in declared} == declared, path


@pytest.mark.parametrize(
    ("suffix", "content_type"),
    [
        (".wasm", "application/wasm"),
        (".zip", "application/zip"),
        (".js", "text/javascript; charset=utf-8"),
        (".css", "text/css; charset=utf-8"),
        (".woff2", "font/woff2"),
        (".html", "text/html; charset=utf-8"),
    ],
)
def test_content_types(site: Site, suffix: str, content_type: str) -> None:
    found = paths(site, suffix)
    assert found, f"the site has no {suffix}"
    for path in found:
        assert fetch(site, path)[1]["content-type"] == content_type


def test_hashed_files_may_be_kept_for_ever_and_pages_are_asked_for_again(site: Site) -> None:
    for path in paths(site, ""):
        caching = headers_for(path, site.rules)["Cache-Control"]
        if path.startswith(("/assets/", "/runtime/")):
            assert caching == "public, max-age=31536000, immutable", path
        else:
            assert caching == "no-cache", path


def test_an_unchanged_page_is_not_sent_again(site: Site) -> None:
    _, headers, body = fetch(site, "/")
    assert body
    status, _, body = fetch(site, "/", If_None_Match=headers["etag"])
    assert (status, body) == (304, b"")


def test_large_files_travel_compressed_where_the_browser_can(site: Site) -> None:
    wasm, _ = paths(site, ".wasm")
    _, plain, whole = fetch(site, wasm)
    _, packed, small = fetch(site, wasm, Accept_Encoding="gzip, br")
    assert "content-encoding" not in plain
    assert packed["content-encoding"] == "br"
    assert packed["content-type"] == "application/wasm"
    assert plain["vary"] == packed["vary"] == "Accept-Encoding"
    assert len(small) < len(whole) / 2


def test_nothing_outside_the_site_is_served(site: Site) -> None:
    for path in [
        "/../package.json",
        "/%2e%2e/package.json",
        "/..%2fpackage.json",
        "/assets/../../package.json",
    ]:
        assert fetch(site, path)[0] == 404


def test_the_page_is_isolated_and_reports_no_violation(page: Page) -> None:
    violations: list[str] = []
    page.expose_function("noteViolation", lambda text: violations.append(text))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation',"
        " e => noteViolation(`${e.violatedDirective}: ${e.blockedURI} ${e.sourceFile}`))"
    )
    page.goto("/")
    page.get_by_role("status").first.wait_for()
    assert page.evaluate("crossOriginIsolated && typeof SharedArrayBuffer === 'function'")
    assert violations == []


def test_an_address_without_a_page_says_so_in_our_manner(
    open_page: OpenPage, page_errors: PageErrors
) -> None:
    page_errors.allow("404")
    page = open_page()
    page.goto("/no/such/page")
    expect(page.get_by_role("heading", name="There is no such page")).to_have_css("font-weight", "650")
    page.get_by_role("link", name="Open Loopscope").click()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()
