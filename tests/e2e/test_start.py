"""Python starts from a snapshot of its memory, and what isn't in it comes when it is asked for."""

from __future__ import annotations

import re
from typing import Any

import pytest
from e2e.conftest import OpenPage, OpenScope
from e2e.default_run import LINES
from e2e.scope import HeldPython, Scope
from playwright.sync_api import Page, expect

READY = "performance.getEntriesByName('Python is ready').map((mark) => mark.detail.restored)"
# In nobody's snapshot.
WAVE = "import wave\nprint(wave.__name__, wave.struct.calcsize('<L4s'))"
# Not to be seen before it runs: found neither by looking at the program nor at what was imported.
LATE = """\
import asyncio, importlib
async def main():
    await asyncio.sleep(0)
    print('begun')
    importlib.invalidate_caches()
    print(__import__('wa' + 've').__name__)
asyncio.run(main())
"""


# Functions of Python's core that few programs call, and tables that few programs read.
RARE = """\
import asyncio
async def main():
    await asyncio.sleep(0)
    print('begun')
    print('Straße'.casefold(), complex(1, 2) ** 3, 'a b'.title(), b'7'.zfill(3), 'a,b'.rpartition(','), 'aB'.swapcase())
    import unicodedata
    print('漢字'.encode('shift_jis'), '한'.encode('euc_kr'), '龍'.encode('big5'), '汉'.encode('gb18030'))
    print(unicodedata.name('é'), unicodedata.normalize('NFD', 'ü').encode(), '\\N{SNOWMAN}')
    import __hello__
    print(__hello__.__spec__.origin)
asyncio.run(main())
"""
RARE_LINES = (
    "strasse (-11-2j) A B b'007' ('a', ',', 'b') Ab",
    r"b'\x8a\xbf\x8e\x9a' b'\xc7\xd1' b'\xc0s' b'\xba\xba'",
    r"LATIN SMALL LETTER E WITH ACUTE b'u\xcc\x88' ☃",
    "frozen",
)

# Presses Run at the very moment when there is one.
RUN_AT_ONCE = """new MutationObserver((_, observer) => {
  const run = [...document.querySelectorAll('button')].find((one) => one.textContent.trim() === 'Run');
  if (!run || run.disabled) return;
  observer.disconnect();
  run.click();
}).observe(document, { subtree: true, childList: true, attributes: true });"""


class HeldLibrary(HeldPython):
    """The standard library, kept from arriving until it is let go."""

    file = "stdlib.zip"


class HeldRest(HeldPython):
    """The half of Python's core that a first run does without, kept likewise."""

    file = "rest.wasm"


class HeldArchives(HeldPython):
    """The standard library and our package, which never come."""

    file = "*.zip"


def restored(page: Page) -> list[bool]:
    """Of each interpreter that got ready: whether it was restored."""
    found: list[bool] = page.evaluate(READY)
    return found


def test_python_is_restored_and_a_first_run_fetches_no_library(open_page: OpenPage) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    # Once Python is there the library is fetched for later: a run that needed it would not end.
    HeldArchives(page)
    HeldRest(page)
    scope = Scope(page)
    page.add_init_script(RUN_AT_ONCE)  # it runs when its program and Python are there
    page.goto("/")
    expect(scope.status).to_have_text(re.compile("^Finished"))
    scope.expect_output(*LINES)
    assert restored(page)[0]
    assert [name for name in asked if name.startswith("memory-")]


@pytest.mark.parametrize("without", ["", "jspi", "shared", "jspi,shared"])
def test_a_module_that_is_not_in_the_snapshot_is_waited_for(open_page: OpenPage, without: str) -> None:
    page = open_page()
    library = HeldLibrary(page)
    scope = Scope(page).open(f"/?without={without}")
    scope.start(LATE)
    if "shared" not in without:
        expect(scope.output).to_have_text("begun")
    library.let_go()
    expect(scope.status).to_have_text(re.compile("^Finished"))
    scope.expect_output("begun", "wave")
    assert all(restored(page))


@pytest.mark.parametrize("without", ["", "jspi"])
def test_a_function_of_the_core_that_does_not_come_first_is_waited_for(
    open_page: OpenPage, without: str
) -> None:
    page = open_page()
    rest = HeldRest(page)
    scope = Scope(page).open(f"/?without={without}")
    scope.start(RARE)
    # Most of a second's work in a run that takes milliseconds, and nothing comes of it: it waits.
    page.wait_for_timeout(700)
    expect(scope.status).to_have_text("Running")
    rest.let_go()
    expect(scope.status).to_have_text(re.compile("^Finished"))
    scope.expect_output("begun", *RARE_LINES)
    # The next interpreter has both halves at hand.
    scope.run()
    scope.expect_output("begun", *RARE_LINES)


def test_where_nothing_can_be_waited_for_the_whole_core_is_there_from_the_start(open_page: OpenPage) -> None:
    page = open_page()
    rest = HeldRest(page)
    page.goto("/?without=shared")
    rest.come()
    scope = Scope(page)
    expect(scope.status).to_have_text("Loading Python")
    rest.let_go()
    scope.wait_until_ready()
    scope.run(RARE)
    scope.expect_output("begun", *RARE_LINES)


def test_the_first_lock_of_a_program_imports_nothing(scope: Scope) -> None:
    # What that took stood in the step that made it: a loop that was blocked, by nobody of the program's.
    scope.run(
        "import asyncio, sys\n"
        "async def main():\n"
        "    before = set(sys.modules)\n"
        "    lock = asyncio.Lock()\n"
        "    print(sorted(set(sys.modules) - before))\n"
        "asyncio.run(main())\n"
    )
    scope.expect_output("[]")


def test_a_program_that_waits_for_a_module_can_be_stopped(open_page: OpenPage) -> None:
    page = open_page()
    library = HeldLibrary(page)
    scope = Scope(page).open()
    scope.start(LATE)
    expect(scope.output).to_have_text("begun")
    scope.stop()
    library.let_go()
    scope.run(WAVE)
    scope.expect_output("wave 8")


def test_a_library_that_does_not_come_is_told_and_the_next_run_tries_again(
    open_page: OpenPage, page_errors: Any
) -> None:
    page_errors.allow("stdlib.zip")
    page = open_page()
    page.context.route("**/stdlib.zip", lambda route: route.fulfill(status=404))
    scope = Scope(page).open()
    scope.run(WAVE, ends=re.compile("^Failed.*library could not be loaded.*404"))
    page.context.unroute("**/stdlib.zip")
    scope.run(WAVE)
    scope.expect_output("wave 8")


def test_without_a_snapshot_python_starts_from_its_library(open_scope: OpenScope) -> None:
    scope = open_scope("/?without=snapshot")
    assert restored(scope.page) == [False]
    scope.run(WAVE)
    scope.expect_output("wave 8")


def test_a_snapshot_that_does_not_fit_is_done_without(open_page: OpenPage) -> None:
    page = open_page()
    page.context.route("**/memory-*.bin", lambda route: route.fulfill(body=b"\0" * 4096))
    scope = Scope(page).open()
    assert restored(page) == [False]
    scope.run(WAVE)
    scope.expect_output("wave 8")


def test_what_was_found_out_where_the_site_was_built_is_found_out_anew(open_scope: OpenScope) -> None:
    scope = open_scope(locale="fr-FR", timezone_id="Asia/Kolkata")
    scope.clock.select_option("real")
    scope.run(
        "import datetime, logging, os, random, sys, time, uuid\n"
        "print(time.tzname, time.timezone, datetime.datetime(2026, 1, 1).astimezone().isoformat())\n"
        "print(os.environ['LANG'], sys.path.count(''), abs(logging._startTime / 1e9 - time.time()) < 600)\n"
        "print('micropip' in sys.modules, hash('a'), random.random(), random.Random().random(), uuid.uuid4())\n"
    )
    zone, language, chance = scope.printed()
    assert zone == "('UTC+0530', 'UTC+0530') -19800 2026-01-01T00:00:00+05:30"
    # Chromium emulates a language for the page, not for its workers.
    assert re.fullmatch(r"[a-z]{2}_[A-Z]{2}\.UTF-8 1 True", language)
    scope.run()
    module, again = chance.split()[:2], scope.printed()[2].split()
    # Strings keep the hashes they were stored by; all else is fresh.
    assert again[:2] == module
    assert not set(chance.split()[2:]) & set(again[2:])
