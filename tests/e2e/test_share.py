"""Somebody shares a program, and somebody else opens the link."""

from __future__ import annotations

import json
import re
import zlib

import pytest
from e2e.conftest import OpenPage, OpenScope
from e2e.default_run import LINES, PROGRAM, ROWS
from e2e.scope import HeldPython, Scope, link, pack, unpack
from playwright.sync_api import expect

GREETING = (
    "# Grüße: 你好, 🐍\nimport asyncio\n\nasync def greet():\n    print('salut')\n\nasyncio.run(greet())\n"
)


# The clipboard takes its time: what is read may be what was there before.
EMPTY = """async (mark) => {
  await navigator.clipboard.writeText(mark);
  while ((await navigator.clipboard.readText()) !== mark) await new Promise((done) => setTimeout(done, 20));
}"""
COPIED = """async (mark) => {
  for (;;) {
    const text = await navigator.clipboard.readText();
    if (text && text !== mark) return text;
    await new Promise((done) => setTimeout(done, 20));
  }
}"""


def share(scope: Scope) -> str:
    """Press Share; what is on the clipboard then."""
    mark = "nothing was copied yet"
    scope.page.evaluate(EMPTY, mark)
    scope.share_button.click()
    address: str = scope.page.evaluate(COPIED, mark)
    return address


# "Link copied: …" stands there for a moment.
WATCH_SHARE = """() => {
  const place = document.querySelector('.share');
  window.said = new Promise((done) => {
    new MutationObserver(() => place.textContent.includes('Link copied: ') && done(place.textContent))
      .observe(place, { subtree: true, childList: true, characterData: true });
  });
}"""


@pytest.fixture
def sender(open_page: OpenPage) -> Scope:
    """A page that may use the clipboard, with the recorded run; Python never comes."""
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    HeldPython(page)
    page.goto("/")
    scope = Scope(page)
    expect(scope.task("bar: 2 steps, finished")).to_be_visible()
    return scope


def test_a_shared_link_opens_the_same_program_in_a_fresh_profile(
    sender: Scope, open_scope: OpenScope
) -> None:
    sender.write(GREETING)
    sender.clock.select_option("real")
    sender.page.evaluate(WATCH_SHARE)
    address = share(sender)
    assert "Link copied: the program." in sender.page.evaluate("said")
    assert unpack(address) == {"code": GREETING, "clock": "real"}

    receiver = open_scope(address)
    assert receiver.text() == GREETING
    expect(receiver.clock).to_have_value("real")
    # A link never runs by itself.
    expect(receiver.status).to_have_text(re.compile("^Ready"))
    expect(receiver.output).to_be_empty()
    receiver.run()
    receiver.expect_output("salut")


def test_a_link_leads_to_the_moment_that_was_shared(sender: Scope, open_page: OpenPage) -> None:
    for _ in range(4):
        sender.forward.click()
    moment = sender.selected()
    assert moment[0] == "foo, step 2 of 2"
    page = open_page()
    HeldPython(page)
    page.goto(share(sender))
    receiver = Scope(page)
    expect(receiver.panel.get_by_role("heading", name="foo, step 2 of 2")).to_be_visible()
    assert receiver.selected() == moment


def spoken(scope: Scope) -> str:
    """What a screen reader is told of the selected bar when it is asked for once more."""
    row = scope.tasks.get_by_role("row", selected=True)
    row.focus()
    row.press("Enter")
    said = scope.timeline.locator("[aria-live]").last
    expect(said).not_to_be_empty()
    return said.inner_text()


def test_a_link_leads_to_the_task_that_was_selected_and_what_it_did(
    sender: Scope, open_page: OpenPage
) -> None:
    # The turn that foo waits for between its steps.
    sender.task("foo").click()
    sender.page.keyboard.press("ArrowRight")
    sender.page.keyboard.press("ArrowRight")
    waiting = spoken(sender)
    assert "yielded" in waiting
    sender.tab("State at t")
    address = share(sender)
    told = unpack(address)
    assert (told["part"], told["view"]) == ("after", "state")

    page = open_page()
    HeldPython(page)
    page.goto(address)
    receiver = Scope(page)
    expect(receiver.task("foo")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tab", name="State at t")).to_have_attribute("aria-selected", "true")
    assert spoken(receiver) == waiting
    # What was looked at is no part of the program.
    receiver.write(GREETING)
    page.wait_for_url(lambda url: "#p1=" in url and unpack(url) == {"code": GREETING})


SLEEPERS = """\
import asyncio

async def sleeper(n):
    await asyncio.sleep(n)
    print(n)

async def main():
    await asyncio.gather(*(sleeper(n) for n in (1, 3, 2)))

asyncio.run(main())
"""


def test_a_link_leads_there_once_its_program_was_run(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    scope = Scope(page).open("/" + link(SLEEPERS))
    scope.run()
    scope.task("sleeper 3").click()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(scope.panel.get_by_role("heading", name="sleeper 3, step 1 of 2")).to_be_visible()
    facts, marks, waiting = scope.selected(), scope.marked(), spoken(scope)
    address = share(scope)
    assert unpack(address)["part"] == "after"

    page.goto("about:blank")
    page.goto(address)
    scope.wait_until_ready()
    expect(scope.output).to_be_empty()
    scope.run()
    expect(scope.task("sleeper 3")).to_have_attribute("aria-selected", "true")
    assert (scope.selected(), scope.marked()) == (facts, marks)
    assert spoken(scope) == waiting
    # Another program has other moments.
    scope.run(SLEEPERS.replace("1, 3, 2", "4, 1"))
    expect(scope.panel.get_by_role("heading")).to_be_hidden()


def test_without_a_clipboard_the_link_is_shown_to_be_copied_by_hand(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    HeldPython(page)
    page.goto("/")
    scope = Scope(page)
    scope.write(GREETING)
    scope.share_button.click()
    field = page.get_by_role("textbox", name="Copy this link:")
    expect(field).to_be_focused()
    assert unpack(field.input_value())["code"] == GREETING


def test_a_program_too_large_for_a_link_is_not_shared_and_says_so(open_page: OpenPage) -> None:
    page = open_page()
    HeldPython(page)
    page.goto("/")
    scope = Scope(page)
    scope.write("# " + "x" * 256 * 1024)
    scope.share_button.click()
    expect(page.get_by_text("This program is too large for a link")).to_be_visible()


def test_the_address_follows_the_program(open_page: OpenPage) -> None:
    page = open_page()
    HeldPython(page)
    page.goto("/")
    scope = Scope(page)
    visited = page.evaluate("history.length")
    scope.write(GREETING)
    page.wait_for_url(re.compile("#p1="))
    first = page.url
    assert unpack(first) == {"code": GREETING}
    scope.program.press("ControlOrMeta+End")
    page.keyboard.type("# more")
    page.wait_for_url(lambda url: url != first)
    page.wait_for_url(lambda url: "#p1=" in url and unpack(url)["code"].endswith("# more"))
    scope.clock.select_option("real")
    page.wait_for_url(
        lambda url: "#p1=" in url and unpack(url) == {"code": GREETING + "# more", "clock": "real"}
    )
    # Going back leaves the page, not a letter.
    assert page.evaluate("history.length") == visited
    # A reload keeps what was written.
    page.reload()
    expect(scope.clock).to_have_value("real")
    assert scope.text() == GREETING + "# more"


def test_a_link_pasted_into_an_open_page_opens_there(scope: Scope) -> None:
    scope.run("print('before')")
    scope.page.evaluate("hash => { location.hash = hash }", link(GREETING, clock="real"))
    expect(scope.clock).to_have_value("real")
    assert scope.text() == GREETING
    expect(scope.output).to_be_empty()


def test_a_link_opened_over_a_finished_run_waits_to_be_run(open_scope: OpenScope) -> None:
    # What is edited here is kept: not on the page that tests share.
    scope = open_scope()
    scope.run(SLEEPERS.replace("1, 3, 2", "1, 3, 2, 4, 6, 5, 8, 7"))
    tools = [
        scope.timeline.get_by_role("searchbox", name="Filter tasks"),
        scope.timeline.get_by_role("list", name="Legend"),
        scope.tasks,
    ]
    for tool in tools:
        expect(tool).to_be_visible()
    scope.page.evaluate("hash => { location.hash = hash }", link(GREETING))
    expect(scope.status).to_have_text("Ready")
    for tool in tools:
        expect(tool).to_be_hidden()
    scope.run()
    expect(scope.status).to_have_text("Finished")
    # Of a program that failed the status tells no more, either.
    scope.run("1 / 0\n", ends=re.compile("^Failed"))
    # The address follows a moment later: until then the link is the one that is there.
    scope.page.wait_for_function("hash => location.hash !== hash", arg=link(GREETING))
    scope.page.evaluate("hash => { location.hash = hash }", link(GREETING))
    expect(scope.status).to_have_text("Ready")


def test_a_link_with_unknown_settings_opens(scope: Scope) -> None:
    scope.page.evaluate("hash => { location.hash = hash }", link("print('new')", from_the_future={"a": [1]}))
    expect(scope.program).to_have_text("print('new')")


def damaged(fragment: str) -> str:
    middle = len(fragment) // 2
    return fragment[:middle] + ("A" if fragment[middle] != "A" else "B") + fragment[middle + 1 :]


def bomb() -> str:
    return pack(b'{"code": "' + b"x" * 50_000_000 + b'"}')


BROKEN = {
    "damaged": (damaged(link(GREETING * 5)), "This link is damaged"),
    "cut": (link(GREETING * 5)[:-20], "This link is damaged"),
    "letters that no link has": ("#p1=%%%%", "This link is damaged"),
    "empty": ("#p1=", "This link is damaged"),
    "no JSON": (pack(b"print('hello')"), "This link is damaged"),
    "no program": (pack(json.dumps({"clock": "real"}).encode()), "its program should be text"),
    "a clock nobody has": (link("print()", clock="sun"), "its clock should be virtual or real"),
    "no text": (pack(zlib.compress(b"x")), "This link is damaged"),
    "too long": ("#p1=" + "A" * 400_000, "too large"),
    "a bomb": (bomb(), "too large"),
    "a newer link": ("#p2=eJyrVkrOT0lVslJQykjNyclXqgUAJ9oFHQ", "newer Loopscope"),
    "something else": ("#chapter-3", "no program that Loopscope knows how to read"),
}


@pytest.mark.parametrize("name", ["damaged", "too long", "a bomb", "a newer link", "something else"])
def test_a_broken_link_is_told_and_the_page_opens_with_the_default_program(
    open_page: OpenPage, name: str
) -> None:
    fragment, message = BROKEN[name]
    page = open_page()
    python = HeldPython(page)
    page.goto("/" + fragment)
    scope = Scope(page)
    expect(scope.alert).to_contain_text(message)
    assert scope.text() == PROGRAM
    scope.expect_tasks(*ROWS)
    if name == "damaged":  # the page works: seen once
        scope.alert.get_by_role("button", name="Dismiss").click()
        expect(scope.alert).to_have_count(0)
        python.let_go()
        scope.wait_until_ready()
        scope.run()
        scope.expect_output(*LINES)


def test_a_broken_link_pasted_into_an_open_page_takes_nothing_away(scope: Scope) -> None:
    scope.run(GREETING)
    scope.expect_output("salut")
    for name, (fragment, message) in BROKEN.items():
        scope.page.evaluate("hash => { location.hash = hash }", fragment)
        expect(scope.alert, name).to_contain_text(message)
        assert scope.text() == GREETING
        scope.expect_output("salut")
        scope.alert.get_by_role("button", name="Dismiss").click()
        expect(scope.alert).to_have_count(0)
    scope.run()
    scope.expect_output("salut")
