"""Somebody's programs are there again: after a reload, a crash, in another tab, and when the disk is full."""

from __future__ import annotations

import contextlib
import re
from typing import Any

import pytest
from e2e.conftest import OpenPage, OpenScope, PageErrors
from e2e.default_run import PROGRAM
from e2e.scope import HeldPython, Scope, link
from playwright.sync_api import BrowserContext, Error, Locator, Page, expect

# Without making the database, which is the page's to make.
KEPT = """() => indexedDB.databases().then(all => all.length && new Promise((resolve, reject) => {
  const request = indexedDB.open('loopscope');
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const base = request.result;
    const all = base.transaction('programs').objectStore('programs').getAll();
    all.onsuccess = () => {
      base.close();
      resolve(Object.fromEntries(all.result.map(({ name, code }) => [name, code])));
    };
  };
}))"""


class Shelf:
    """The dialog "Your programs"."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.button = page.get_by_role("button", name=re.compile(": your programs"))
        self.dialog = page.get_by_role("dialog", name="Your programs")

    def open(self) -> Shelf:
        self.button.click()
        expect(self.dialog).to_be_visible()
        return self

    def choose(self, name: str) -> None:
        self.open().program(name).click()
        expect(self.dialog).to_be_hidden()

    def program(self, name: str) -> Locator:
        # The name, then lines and time.
        return self.dialog.get_by_role("button", name=re.compile(rf"^{re.escape(name)}\s*\d+ lines?"))

    def names(self) -> list[str]:
        return self.dialog.locator(".program-row .menu-title").all_inner_texts()

    def do(self, what: str) -> None:
        self.dialog.get_by_role("button", name=what, exact=True).click()


def arrive(page: Page, address: str = "/") -> Scope:
    """Open the page without waiting for Python, which never comes."""
    HeldPython(page)
    page.goto(address)
    scope = Scope(page)
    expect(scope.program.locator(".cm-line").first).to_be_visible()
    return scope


def another_tab(context: BrowserContext, address: str = "/") -> Scope:
    page = context.new_page()
    page.goto(address)
    return Scope(page)


def expect_kept(page: Page, **programs: str) -> None:
    """Wait until these programs, and no others, are in the browser's storage."""
    wanted = {name.replace("_", " "): code for name, code in programs.items()}
    seen: Any = None
    for _ in range(600):
        seen = page.evaluate(KEPT) or {}
        if seen == wanted:
            return
        page.wait_for_timeout(50)
    assert seen == wanted


def keep_and_return(page: Page, script: str) -> Scope:
    """Keep a program, leave, and open the page again, which runs the script first."""
    scope = arrive(page)
    scope.write("print('kept')")
    expect_kept(page, Two_tasks_take_turns="print('kept')")
    page.add_init_script(script)
    page.goto("about:blank")
    page.goto("/")
    return scope


def crash(page: Page) -> None:
    """Kill the process that the page lives in."""
    with page.expect_event("crash"), contextlib.suppress(Error):
        page.goto("chrome://crash")


def expect_text(scope: Scope, text: str) -> None:
    expect(scope.program).to_have_text(text.replace("\n", ""))
    assert scope.text() == text


def test_what_was_typed_is_there_after_a_reload_at_the_same_moment(page: Page) -> None:
    scope = arrive(page)
    scope.write("print('kept')")
    page.keyboard.type("  # the last letters")
    page.reload()
    expect_text(scope, "print('kept')  # the last letters")
    # The link, if there is one, is older than what was typed: what was typed counts.
    page.wait_for_url(re.compile("#p1="))
    page.keyboard.press("Tab")
    scope.program.press("ControlOrMeta+End")
    page.keyboard.type("!")
    page.reload()
    expect_text(scope, "print('kept')  # the last letters!")
    page.goto("about:blank")
    page.goto("/")
    expect_text(scope, "print('kept')  # the last letters!")
    expect_kept(page, Two_tasks_take_turns="print('kept')  # the last letters!")


def test_a_program_survives_the_crash_of_its_tab(page: Page, page_errors: PageErrors) -> None:
    page_errors.allow("the page crashed")
    scope = arrive(page)
    scope.write("print('before the crash')")
    expect_kept(page, Two_tasks_take_turns="print('before the crash')")
    crash(page)
    again = another_tab(page.context)
    expect_text(again, "print('before the crash')")


def test_looking_at_an_example_or_a_link_keeps_nothing_and_takes_nothing_away(page: Page) -> None:
    scope = arrive(page)
    page.get_by_role("button", name="Examples").click()
    page.get_by_role("menuitemradio").nth(3).click()
    page.evaluate("hash => { location.hash = hash }", link("print('theirs')"))
    expect_text(scope, "print('theirs')")
    expect(page.locator(".notice")).to_have_count(0)
    expect_kept(page)
    page.reload()
    expect_text(scope, "print('theirs')")

    # Edited, it is a program of mine.
    scope.write("print('mine')")
    expect_kept(page, From_a_link="print('mine')")
    page.evaluate("hash => { location.hash = hash }", link("print('another')"))
    expect_text(scope, "print('another')")
    notice = page.locator(".notice")
    expect(notice).to_contain_text("Yours, “From a link”, is kept.")
    notice.get_by_role("button", name="Bring it back").click()
    expect_text(scope, "print('mine')")
    expect(notice).to_have_count(0)
    # A new visit without a link goes on with it; one with a link shows the link's program.
    page.close()
    again = another_tab(page.context)
    expect_text(again, "print('mine')")
    third = another_tab(page.context, "/" + link("print('theirs')"))
    expect_text(third, "print('theirs')")
    expect_kept(third.page, From_a_link="print('mine')")


def test_programs_have_names_and_earlier_texts_come_back(open_scope: OpenScope) -> None:
    # Nobody else's programs are there.
    scope = open_scope()
    page = scope.page
    page.evaluate("hash => { location.hash = hash }", link("print(1)"))
    expect_text(scope, "print(1)")
    scope.run()
    scope.write("print(2)")
    scope.run()
    scope.write("print(3)")
    shelf = Shelf(page).open()
    shelf.do("Rename From a link")
    field = shelf.dialog.get_by_role("textbox", name="Name of the program")
    expect(field).to_be_focused()
    field.fill("Counting")
    page.keyboard.press("Enter")
    expect(shelf.program("Counting")).to_be_visible()
    shelf.do("Earlier texts of Counting")
    texts = shelf.dialog.get_by_role("list", name="Earlier texts of Counting").get_by_role("button")
    expect(texts).to_have_text([re.compile("as it was run 1 line"), re.compile("as it began|as it was run")])
    texts.nth(1).click()
    expect_text(scope, "print(1)")
    # What it replaced is an earlier text now.
    shelf.open().do("Earlier texts of Counting")
    expect(texts.first).to_contain_text("before an edit")
    texts.first.click()
    expect_text(scope, "print(3)")

    shelf.open().do("New program")
    expect(scope.program).to_be_focused()
    page.keyboard.type("print('new')")
    shelf.open()
    expect(shelf.program("New program")).to_have_attribute("aria-current", "true")
    shelf.do("Delete Counting")
    shelf.do("Keep it")
    shelf.do("Delete New program")
    shelf.do("Close")
    expect_text(scope, PROGRAM)
    shelf.choose("Counting")
    expect_text(scope, "print(3)")
    assert "New program" not in shelf.open().names()
    shelf.do("Delete Counting")
    shelf.do("Close")


def test_two_tabs_do_not_overwrite_each_other(page: Page) -> None:
    first = arrive(page)
    first.write("print('first tab')")
    expect_kept(page, Two_tasks_take_turns="print('first tab')")
    # The program is taken: a second tab begins anew.
    second = another_tab(page.context)
    expect_text(second, PROGRAM)
    shelf = Shelf(second.page).open()
    expect(shelf.program("Two tasks take turns")).to_contain_text("open in another tab")
    shelf.program("Two tasks take turns").click()
    expect_text(second, "print('first tab')")
    second.write("print('second tab')")
    expect(second.page.locator(".notice")).to_contain_text("kept as “Two tasks take turns (2)”")
    first.write("print('first tab again')")
    kept = {
        "Two tasks take turns": "print('first tab again')",
        "Two tasks take turns (2)": "print('second tab')",
    }
    expect_kept(page, **kept)
    for scope in (first, second):
        text = scope.text()
        scope.page.reload()
        expect_text(scope, text)
    expect_kept(page, **kept)


def test_a_page_that_is_busy_when_its_program_begins_needs_no_copy(page: Page) -> None:
    scope = arrive(page)
    # It hears late that the lock is its own.
    page.evaluate("""() => {
      const request = LockManager.prototype.request;
      LockManager.prototype.request = function (...given) {
        const answer = request.apply(this, given);
        for (const end = performance.now() + 1500; performance.now() < end;);
        return answer;
      };
    }""")
    scope.write("print('one')")
    expect_kept(page, Two_tasks_take_turns="print('one')")
    scope.write("print('two')")
    expect_kept(page, Two_tasks_take_turns="print('two')")
    expect(page.locator(".notice")).to_have_count(0)


# The page that opens is busy as soon as it has asked for its database.
BUSY_AT_ITS_BEGIN = """
const { open } = IDBFactory.prototype;
IDBFactory.prototype.open = function (...given) {
  IDBFactory.prototype.open = open;
  queueMicrotask(() => {
    for (const end = performance.now() + 3500; performance.now() < end;);
  });
  return open.apply(this, given);
};
"""


def test_a_page_that_is_busy_when_it_opens_opens_the_program_that_was_there(page: Page) -> None:
    scope = arrive(page)
    scope.write("print('kept')")
    expect_kept(page, Two_tasks_take_turns="print('kept')")
    page.add_init_script(BUSY_AT_ITS_BEGIN)
    page.reload()
    expect_text(scope, "print('kept')")


# The page that was left has not gone altogether when the next one looks.
SLOW_TO_GO = """
if (self === top && self.LockManager) {
  const { query } = LockManager.prototype;
  LockManager.prototype.query = async function () {
    LockManager.prototype.query = query;
    return { held: [{ name: `loopscope program ${localStorage.getItem('loopscope last program')}` }], pending: [] };
  };
}
"""


def test_a_page_that_is_left_and_opened_again_finds_its_program(page: Page) -> None:
    scope = keep_and_return(page, SLOW_TO_GO)
    expect_text(scope, "print('kept')")


# Which programs other tabs have is told when the test says so.
HELD_LOOK = """
if (self === top && self.LockManager) {
  const { query } = LockManager.prototype;
  LockManager.prototype.query = function () {
    return new Promise((done) => {
      window.letGo = () => done(query.call(this));
    });
  };
}
"""


def test_what_is_chosen_while_the_last_program_is_looked_for_stays(page: Page) -> None:
    scope = keep_and_return(page, HELD_LOOK)
    # What would be typed now would be gone when the program comes.
    expect(scope.program).to_have_attribute("aria-readonly", "true")
    page.get_by_role("button", name="Examples").click()
    page.get_by_role("menuitemradio").nth(3).click()
    expect(scope.program).not_to_have_attribute("aria-readonly", "true")
    chosen = scope.text()
    page.evaluate("letGo()")
    expect_kept(page, Two_tasks_take_turns="print('kept')")
    scope.frame()
    assert scope.text() == chosen != "print('kept')"


def test_a_full_disk_is_told_and_nothing_is_lost(open_page: OpenPage) -> None:
    page = open_page()
    scope = arrive(page)
    session = page.context.new_cdp_session(page)
    origin = page.evaluate("origin")
    # Chromium looks again only when what it knew to be free is not enough: full from the beginning.
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1})
    long = "print('no room')\n" + "# x\n" * 100_000
    scope.write(long)
    expect(scope.alert).to_contain_text("no more room for this site")
    expect_kept(page)
    # The page goes: its last words are short enough to be there again.
    page.reload()
    expect(scope.program).to_contain_text("print('no room')")
    expect(scope.alert).to_contain_text("no more room for this site")
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    scope.program.press("ControlOrMeta+Home")
    page.keyboard.type("#")
    expect(scope.alert).to_have_count(0)
    expect_kept(page, Two_tasks_take_turns="#" + long)


def test_a_browser_that_keeps_nothing_says_so_once_something_is_typed(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script(
        "indexedDB.open = () => { throw new DOMException('no', 'SecurityError') };"
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    scope = arrive(page)
    expect_text(scope, PROGRAM)
    expect(page.locator(".notice")).to_have_count(0)
    scope.write("print('lost on closing')")
    expect(page.locator(".notice")).to_contain_text("keeps nothing for this site")
    expect_text(scope, "print('lost on closing')")


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_the_list_is_used_by_keyboard_and_thumb(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page(viewport={"width": size[0], "height": size[1]})
    scope = arrive(page)
    scope.write("print('kept')")
    expect_kept(page, Two_tasks_take_turns="print('kept')")
    shelf = Shelf(page)
    shelf.button.focus()
    page.keyboard.press("Enter")
    expect(shelf.program("Two tasks take turns")).to_be_visible()
    shelf.do("Rename Two tasks take turns")
    expect(shelf.dialog.get_by_role("textbox", name="Name of the program")).to_be_focused()
    page.keyboard.press("Escape")
    expect(shelf.dialog).to_be_visible()
    expect(shelf.program("Two tasks take turns")).to_be_visible()
    box = shelf.dialog.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]
    page.keyboard.press("Escape")
    expect(shelf.dialog).to_be_hidden()
    expect(shelf.button).to_be_focused()


def test_a_broken_links_address_goes_with_its_message(page: Page) -> None:
    scope = arrive(page, "/#p1=broken")
    scope.alert.get_by_role("button", name="Dismiss").click()
    page.wait_for_url(re.compile("/$"))
    page.reload()
    expect_text(scope, PROGRAM)
    expect(scope.alert).to_have_count(0)
