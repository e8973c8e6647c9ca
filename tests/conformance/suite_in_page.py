"""CPython's own asyncio tests in the page: each module is a program that a visitor runs, its tests packed into it."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import sys
import textwrap
import zipfile
from pathlib import Path

import chromium
from e2e.scope import ENDED, Scope
from playwright.sync_api import expect, sync_playwright
from serve import serve

HERE = Path(__file__).resolve().parent
PATIENCE = 600_000  # milliseconds that a module may take
# What the package reads when it is imported.
CERTIFICATES = ("ssl_cert.pem", "ssl_key.pem", "keycert3.pem", "keycert3.pem.reference", "pycacert.pem")

PROGRAM = '''\
import base64, importlib, io, json, sys, zipfile
zipfile.ZipFile(io.BytesIO(base64.b85decode(b"""
{files}
""".replace(b"\\n", b"")))).extractall("/tmp/suite")
sys.path.insert(0, "/tmp/suite")
importlib.import_module("test.support").has_socket_support = True
outcomes = importlib.import_module("suite").run({module!r}, {pattern!r})
for test, outcome in outcomes.items():
    print(json.dumps([test, outcome[-2000:]]))
'''


def program(module: str, tests: Path, pattern: str = "") -> str:
    """The tests of a module that ``pattern`` is in the name of, as a program that prints a line of JSON for each."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as files:
        files.writestr("test/__init__.py", "")
        files.write(HERE / "suite.py", "suite.py")
        for path in [
            *sorted((tests / "support").rglob("*.py")),
            *(tests / "certdata" / name for name in CERTIFICATES),
        ]:
            files.write(path, f"test/{path.relative_to(tests)}")
        for path in sorted((tests / "test_asyncio").glob("*.py")):
            if not path.name.startswith("test_") or path.stem == f"test_{module}":
                files.write(path, f"test/test_asyncio/{path.name}")
    text = base64.b85encode(packed.getvalue()).decode()
    return PROGRAM.format(files="\n".join(textwrap.wrap(text, 100)), module=module, pattern=pattern)


def run(modules: list[str], pattern: str = "", address: str = "/") -> dict[str, str]:
    """Outcomes of the modules' tests, run one after the other in one page of the built site, traced.

    ``address`` may say what the page does without, as ``/?without=jspi``.
    """
    tests = Path(os.environ["LOOPSCOPE_CPYTHON_TESTS"])
    outcomes: dict[str, str] = {}
    with serve() as site, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        page = browser.new_context(base_url=site.url).new_page()
        scope = Scope(page).open(address)
        scope.clock.select_option("real")
        for module in modules:
            scope.write(program(module, tests, pattern))
            scope.run_button.click()
            expect(scope.status).to_have_text(re.compile("^Running"), timeout=60_000)
            try:
                expect(scope.status).to_have_text(ENDED, timeout=PATIENCE)
            except AssertionError:
                scope.stop_button.click()
                expect(scope.status).to_have_text(ENDED)
            outcomes.update(json.loads(line) for line in scope.printed() if line.startswith('["'))
            problem = ""
            if not scope.status.inner_text().startswith("Finished"):
                problem = "\n".join([scope.status.inner_text(), *scope.printed()[-30:]])
            broken = scope.tab("Findings").get_by_text("may lack events")
            if broken.count():
                problem = f"the tracer broke: {broken.first.inner_text()}"
            if problem:
                outcomes[f"test.test_asyncio.test_{module}.the_run_itself"] = problem
            print(module, problem or "ran", file=sys.stderr, flush=True)
        browser.close()
    return outcomes
