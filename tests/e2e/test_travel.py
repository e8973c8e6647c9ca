"""Somebody travels through a recorded run: at every moment the page tells everything of it."""

from __future__ import annotations

import re

import pytest
from e2e.default_run import FACTS, LINES, MARKS
from e2e.scope import Scope, link
from playwright.sync_api import expect

# At each step of the default program: who runs, the ready queue, each task, how much was printed.
STATES = [
    (
        "main",
        ["foo", "bar"],
        ["main runs", "foo is ready to start, next in line", "bar is ready to start, 2nd in line"],
        0,
    ),
    ("foo", ["bar", "foo"], ["main waits for gather", "foo runs", "bar is ready to start, next in line"], 1),
    ("bar", ["foo", "bar"], ["main waits for gather", "foo is ready to go on, next in line", "bar runs"], 2),
    (
        "foo",
        ["bar", "gather hears that foo ended"],
        ["main waits for gather", "foo runs", "bar is ready to go on, next in line"],
        3,
    ),
    (
        "bar",
        ["gather hears that foo ended", "gather hears that bar ended"],
        ["main waits for gather", "bar runs"],
        4,
    ),
    ("gather hears that foo ended", ["gather hears that bar ended"], ["main waits for gather"], 4),
    ("gather hears that bar ended", ["main"], ["main is ready to go on, next in line"], 4),
    ("main", ["The loop stops: main ended"], ["main runs"], 4),
]


@pytest.fixture
def recorded(scope: Scope) -> Scope:
    """The default program's recorded run."""
    scope.page.get_by_role("button", name="Examples").click()
    scope.page.get_by_role("menuitemradio", name="Two tasks take turns").click()
    expect(scope.page.get_by_text("recorded run")).to_be_visible()
    expect(scope.task("bar: 2 steps, finished")).to_be_visible()
    return scope


def read(scope: Scope) -> tuple[str, list[str], list[str], int]:
    """What the panel and the output tell of the moment, as in STATES."""
    state = scope.tab("State at t")
    sections: dict[str, list[str]] = state.locator("section").evaluate_all(
        "all => Object.fromEntries(all.map(section => [section.querySelector('h3').textContent,"
        " [...section.querySelectorAll('li, p')].map(one => one.textContent)]))"
    )
    queue = [] if sections["Ready queue"] == ["empty"] else sections["Ready queue"]
    tasks = [re.sub(r"line \d+$", "", text).strip() for text in sections["Tasks"]]
    assert sections["Timers"] == ["none"]
    printed = scope.output.locator(".out:not(.later)").all_text_contents()
    assert printed == LINES[: len(printed)]
    so_far = sections["Output so far"][0]
    assert so_far.startswith(
        "nothing yet" if not printed else "all of it" if len(printed) == len(LINES) else f"{len(printed)} of"
    )
    return sections["Runs"][0], queue, tasks, len(printed)


@pytest.mark.parametrize("by", ["buttons", "keys"])
def test_every_step_forward_and_back_tells_the_whole_state(recorded: Scope, by: str) -> None:
    page = recorded.page

    def step(forward: bool) -> None:
        if by == "buttons":
            (recorded.forward if forward else recorded.back).click()
        else:
            page.keyboard.press("." if forward else ",")

    if by == "keys":
        recorded.task("main: 2 steps, finished").focus()
    for k, expected in enumerate(STATES):
        step(forward=True)
        assert read(recorded) == expected
        assert recorded.marked() == MARKS[k]
        expect(page.get_by_text(f"turn {k + 1} of {len(STATES)}", exact=True)).to_be_visible()
    for k in range(len(STATES) - 2, -1, -1):
        step(forward=False)
        assert read(recorded) == STATES[k]
        assert recorded.marked() == MARKS[k]
    recorded.tab("Selected")
    assert recorded.selected() == FACTS[0]


def test_keys_lead_to_outputs_events_and_steps_of_a_task(recorded: Scope) -> None:
    page = recorded.page
    recorded.task("foo: 2 steps, finished").click()
    page.keyboard.press("o")
    first = recorded.output.locator(".out:not(.later)").all_text_contents()
    page.keyboard.press("o")
    assert len(recorded.output.locator(".out:not(.later)").all_text_contents()) == len(first) + 1
    page.keyboard.press("Shift+O")
    assert recorded.output.locator(".out:not(.later)").all_text_contents() == first
    page.keyboard.press("t")
    foo = recorded.page.get_by_role("tabpanel", name="Selected").get_by_role("heading")
    expect(foo).to_have_text(re.compile("^foo, step"))
    page.keyboard.press("Escape")
    assert recorded.output.locator(".later").count() == 0


def test_the_playhead_is_dragged_along_the_axis(recorded: Scope) -> None:
    page = recorded.page
    plot = recorded.canvas.bounding_box()
    row = recorded.tasks.get_by_role("row", name=re.compile("^loop")).bounding_box()
    assert plot
    assert row
    left = row["x"] + row["width"]
    width = plot["x"] + plot["width"] - left
    y = row["y"] - 8
    page.mouse.move(left + width * 0.03, y)
    page.mouse.down()
    expect(page.get_by_text("turn 1 of 8", exact=True)).to_be_visible()
    page.mouse.move(left + width * 0.5, y, steps=6)
    expect(page.get_by_text(re.compile("^turn [45] of 8$"))).to_be_visible()
    page.mouse.move(left + width * 0.99, y, steps=6)
    expect(page.get_by_text("turn 8 of 8", exact=True)).to_be_visible()
    page.mouse.up()


def test_rows_are_filtered_folded_and_sorted_by_keyboard(recorded: Scope) -> None:
    page = recorded.page
    recorded.task("main: 2 steps, finished").focus()
    page.keyboard.press("Space")
    recorded.expect_tasks("main: 2 steps, finished")
    expect(recorded.task("main: 2 steps, finished")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Space")
    recorded.expect_tasks("main: 2 steps, finished", "foo: 2 steps, finished", "bar: 2 steps, finished")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Filter tasks")).to_be_focused()
    page.keyboard.type("line 12")
    recorded.expect_tasks("main: 2 steps, finished", "bar: 2 steps, finished")
    page.keyboard.press("Escape")
    recorded.expect_tasks("main: 2 steps, finished", "foo: 2 steps, finished", "bar: 2 steps, finished")
    page.keyboard.press("Enter")
    expect(recorded.tasks.locator(":focus")).to_have_count(1)


VARIABLES = """\
import asyncio

async def fetch(url):
    for attempt in range(2):
        await asyncio.sleep(0.01)

async def main():
    jobs = ['<b>a</b>']
    await asyncio.gather(*map(fetch, jobs))

asyncio.run(main())
"""


def test_variables_are_shown_at_each_moment_where_the_run_recorded_them(scope: Scope) -> None:
    scope.write(VARIABLES)
    state = scope.tab("State at t")
    switch = state.get_by_role("checkbox", name="Record variables")
    scope.run()
    expect(state.get_by_role("definition")).to_have_count(0)
    switch.check()
    later = state.get_by_text("from the next run on")
    expect(later.locator("..")).to_have_text("Record variables: from the next run on")
    scope.run()
    expect(later).to_have_count(0)
    shown = state.get_by_role("listitem").filter(has_text="fetch").get_by_role("definition")
    seen = []
    for _ in range(4):
        scope.forward.click()
        seen.append(shown.all_text_contents())
    assert seen == [[], ["'<b>a</b>'", "0"], ["'<b>a</b>'", "1"], ["'<b>a</b>'", "1"]]
    main = state.get_by_role("listitem").filter(has_text="main")
    expect(main.get_by_role("term")).to_have_text("jobs")
    expect(main.get_by_role("definition")).to_have_text("['<b>a</b>']")
    # A link asks for the same.
    scope.page.goto("/" + link(VARIABLES + "#"))
    expect(switch).not_to_be_checked()
    scope.page.goto("/" + link(VARIABLES, variables=True))
    expect(switch).to_be_checked()


def test_a_filter_that_finds_nothing_says_so(scope: Scope) -> None:
    page = scope.page
    scope.run(CROWD)
    field = page.get_by_role("searchbox", name="Filter tasks")
    field.fill("zzz")
    said = page.get_by_text("No task matches “zzz”.")
    expect(said).to_be_visible()
    expect(scope.task(re.compile("^main"))).to_have_count(0)
    page.get_by_role("button", name="Clear the filter").click()
    expect(said).to_be_hidden()
    expect(scope.task(re.compile("^main"))).to_be_visible()
    expect(field).to_have_value("")


def test_the_tools_above_the_rows_stay_from_run_to_run_and_go_with_the_many_tasks(scope: Scope) -> None:
    scope.run(CROWD)
    tools = scope.page.get_by_role("searchbox", name="Filter tasks")
    expect(tools).to_be_visible()
    watch = """(field) => {
      globalThis.gone = 0;
      const look = () => { if (!field.checkVisibility()) globalThis.gone++; };
      new MutationObserver(look).observe(field.parentElement, { attributeFilter: ['hidden'] });
    }"""
    tools.evaluate(watch)
    scope.run()
    expect(scope.task(re.compile("^main"))).to_be_visible()
    assert scope.page.evaluate("gone") == 0
    scope.run("import asyncio\nasyncio.run(asyncio.sleep(1))\n")
    expect(tools).to_be_hidden()


def test_a_picture_of_another_size_is_never_black(scope: Scope) -> None:
    page = scope.page
    scope.run("import asyncio\nasyncio.run(asyncio.sleep(1))\n")
    expect(page.get_by_role("searchbox", name="Filter tasks")).to_be_hidden()
    # While the picture's size changes in every frame, a run begins, and the tools come.
    page.evaluate("""() => {
      const canvas = document.querySelector('canvas[role=img]');
      const stage = canvas.parentElement;
      Object.assign(globalThis, { black: 0, looked: 0 });
      const look = () => {
        const [r, g, b] = canvas.getContext('2d').getImageData(canvas.width >> 1, 3, 1, 1).data;
        if (r + g + b === 0) black++;
        stage.style.marginRight = `${looked++ % 40}px`;
        if (looked >= 0) requestAnimationFrame(look);
        else stage.style.marginRight = '';
      };
      look();
    }""")
    try:
        scope.run(CROWD)
        expect(scope.task(re.compile("^main"))).to_be_visible()
        page.wait_for_function("() => looked > 30")
    finally:
        black = page.evaluate("() => { looked = -2; return black; }")
    assert black == 0


def test_who_runs_the_program_again_from_a_row_stays_in_the_rows(scope: Scope) -> None:
    scope.run(CROWD)
    scope.task(re.compile("^main")).click()
    expect(scope.tasks.locator(":focus")).to_have_count(1)
    scope.page.keyboard.press("Control+Enter")
    expect(scope.status).to_have_text(re.compile("^Finished"))
    expect(scope.tasks.locator(":focus")).to_have_count(1)


def test_the_axis_measures_steps_or_time(scope: Scope) -> None:
    scope.run(CROWD)
    axis = scope.page.get_by_role("group", name="Axis")
    steps = axis.get_by_role("button", name="steps")
    time = axis.get_by_role("button", name="time")
    expect(steps).to_have_attribute("aria-pressed", "true")
    expect(time).to_have_attribute("aria-pressed", "false")
    before = scope.picture()
    time.press("Enter")
    scope.picture_after(before)
    expect(steps).to_have_attribute("aria-pressed", "false")
    expect(time).to_have_attribute("aria-pressed", "true")
    # The next test's run is looked at by steps.
    steps.press("Enter")
    expect(steps).to_have_attribute("aria-pressed", "true")


def test_a_run_that_took_no_time_is_walked_from_its_begin_on_any_axis(recorded: Scope) -> None:
    axis = recorded.page.get_by_role("group", name="Axis")
    axis.get_by_role("button", name="time").press("Enter")
    recorded.task("foo: 2 steps, finished").click()
    said = recorded.timeline.locator("div[aria-live=polite]")
    expect(said).to_contain_text("foo runs step 1 of 2")
    axis.get_by_role("button", name="steps").press("Enter")


NARROW = """\
import asyncio

async def child_of_somebody_with_a_long_name():
    first, second = (await asyncio.gather(asyncio.sleep(1, "first"), asyncio.sleep(1, "second")))
    print(first, second)

asyncio.run(child_of_somebody_with_a_long_name())
"""


def test_a_note_at_a_lines_end_ends_with_the_pane_and_can_be_read_whole(scope: Scope) -> None:
    scope.run(NARROW)
    scope.forward.click()
    line = scope.program.locator(".cm-line").nth(3)
    note = "child_of_somebody_with_a_long_name waits for gather"
    expect(line).to_have_attribute("data-note", note)
    expect(line).to_have_attribute("title", note)
    look = "line => getComputedStyle(line, '::after')"
    width = line.evaluate(f"line => parseFloat(({look})(line).width)")
    assert line.evaluate(f"line => ({look})(line).textOverflow") == "ellipsis"
    text = line.evaluate("""line => {
      const range = document.createRange();
      range.selectNodeContents(line);
      return range.getBoundingClientRect().right;
    }""")
    pane = scope.page.locator("#pane-program .editor").bounding_box()
    assert pane
    assert width <= max(48, pane["x"] + pane["width"] - text - 24)
    # One that has the room has no other words.
    expect(scope.program.locator(".cm-line").nth(2)).to_have_attribute("data-note", re.compile("starts here"))


CROWD = """\
import asyncio

async def request(n):
    await asyncio.sleep(n / 1000)

async def main():
    await asyncio.gather(*(request(n) for n in range(1, 241)))

asyncio.run(main())
"""


def test_of_a_crowd_those_that_ended_before_the_window_are_one_row(scope: Scope) -> None:
    page = scope.page
    scope.run(CROWD)
    finished = scope.task(re.compile("finished tasks?: ended before what is in view"))
    expect(scope.task(re.compile("^main"))).to_be_visible()
    expect(finished).to_have_count(0)
    # Close to the last one's end.
    scope.task(re.compile("^main")).focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("z")
    expect(finished).to_have_attribute("aria-expanded", "false")
    expect(finished).to_have_attribute("aria-level", "2")
    rows = int(scope.tasks.get_attribute("aria-rowcount") or 0)
    assert rows < 20
    count = int(finished.get_by_role("gridcell").first.inner_text().split()[0])
    page.keyboard.press("ArrowUp")
    expect(finished).to_be_focused()
    page.keyboard.press("Space")
    expect(finished).to_have_attribute("aria-expanded", "true")
    expect(scope.tasks).to_have_attribute("aria-rowcount", str(rows + count))
    expect(scope.task(re.compile(r"^request 3:"))).to_have_attribute("aria-level", "3")
    finished.click()
    expect(scope.tasks).to_have_attribute("aria-rowcount", str(rows))
    page.keyboard.press("Enter")
    expect(scope.tasks).to_have_attribute("aria-rowcount", str(rows + count))
    page.keyboard.press("Space")
    assert scope.selected()[0].startswith("request 241")
    # The whole run again: everybody lived in it.
    page.keyboard.press("f")
    expect(finished).to_have_count(0)


LONG_NAMES = """\
import asyncio
async def download_all_the_things_from_the_archive(n):
    await asyncio.sleep(n)
async def main():
    await asyncio.gather(*map(download_all_the_things_from_the_archive, range(3)))
asyncio.run(main())
"""


def test_long_names_stay_in_their_column(scope: Scope) -> None:
    scope.run(LONG_NAMES)
    state = scope.tab("State at t")
    for _ in range(3):
        scope.forward.click()
    expect(state.get_by_role("link", name="download_all_the_things_from_the_archive 4").first).to_be_visible()
    overflow = (
        "sections => sections.filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"
    )
    assert state.locator("section").evaluate_all(overflow) == []


def test_a_key_that_leads_nowhere_says_so_until_one_leads_somewhere(recorded: Scope) -> None:
    page = recorded.page
    row = recorded.task("foo: 2 steps, finished")
    row.focus()
    page.keyboard.press("n")
    told = page.get_by_text("No further finding", exact=True)
    expect(told).to_be_visible()
    assert told.evaluate("element => element.closest('[aria-live=polite]') !== null")
    page.keyboard.press("Shift+N")
    expect(page.get_by_text("No earlier finding", exact=True)).to_be_visible()
    expect(told).to_be_hidden()
    page.keyboard.press(".")
    expect(page.get_by_text(re.compile("^No (further|earlier)"))).to_be_hidden()
    expect(page.get_by_text("turn 1 of 8", exact=True)).to_be_visible()
    for _ in LINES:
        page.keyboard.press("o")
    expect(page.get_by_text(re.compile("^No (further|earlier)"))).to_be_hidden()
    page.keyboard.press("o")
    expect(page.get_by_text("No further output", exact=True)).to_be_visible()
