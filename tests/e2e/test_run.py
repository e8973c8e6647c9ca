"""Somebody runs a program, edits it and runs it again."""

from __future__ import annotations

from e2e.default_run import FACTS, LINES, MARKS, PROGRAM, ROWS, TOLD
from e2e.scope import Scope
from playwright.sync_api import expect


def test_the_default_program_is_run_and_told_step_by_step(scope: Scope) -> None:
    scope.run(PROGRAM)
    scope.expect_output(*LINES)
    scope.expect_tasks(*ROWS)
    expect(scope.page.get_by_text("recorded run")).to_have_count(0)
    scope.expect_told(TOLD)
    scope.tab("Selected")
    for facts, marks in zip(FACTS, MARKS, strict=True):
        scope.forward.click()
        assert scope.selected() == facts
        assert scope.marked() == marks
    for facts in reversed(FACTS[:-1]):
        scope.back.click()
        assert scope.selected() == facts


def test_a_program_is_edited_by_typing_and_run_with_a_key(scope: Scope) -> None:
    scope.write("import asyncio\n\nasync def main():\n    print('one')\n\nasyncio.run(main())\n")
    scope.program.get_by_text("print('one')").click()
    scope.page.keyboard.press("End")
    scope.page.keyboard.type("\nawait asyncio.sleep(0.25)\nprint('two')")
    scope.page.keyboard.press("ControlOrMeta+Enter")
    expect(scope.status).to_have_text("Finished")
    scope.expect_output("one", "two")
    scope.expect_tasks("main: 2 steps, finished")
    expect(scope.told().nth(0)).to_contain_text("waits for sleep(0.25) at line 5")
    assert "    await asyncio.sleep(0.25)\n    print('two')\n" in scope.text()


def test_a_run_after_an_edit_shows_nothing_of_the_run_before(scope: Scope) -> None:
    scope.run("import asyncio\nasync def early(): print('early')\nasyncio.run(early())\n")
    scope.expect_output("early")
    scope.forward.click()
    scope.write("import asyncio\nasync def late(): print('late')\nasyncio.run(late())\n")
    expect(scope.page.get_by_text("edited since this run")).to_be_visible()
    assert scope.marked() == []
    scope.run()
    expect(scope.page.get_by_text("edited since this run")).to_have_count(0)
    scope.expect_output("late")
    scope.expect_tasks("late: 1 step, finished")
    expect(scope.panel).not_to_contain_text("early")


# What the log says when the status says that the run is over, and no frame was drawn meanwhile.
SEEN_AT_THE_END = """() => {
  const frame = window.requestAnimationFrame;
  const frames = [];
  window.requestAnimationFrame = (draw) => frames.push(draw);
  const status = document.querySelector('[role=status]');
  let running = false;
  new MutationObserver((_, observer) => {
    running ||= status.textContent === 'Running';
    if (!running || status.textContent !== 'Finished') return;
    observer.disconnect();
    window.seen = document.querySelector('[role=log]').textContent;
    window.requestAnimationFrame = frame;
    frames.forEach((draw) => frame(draw));
  }).observe(status, { subtree: true, childList: true, characterData: true });
}"""


def test_all_of_a_run_is_shown_when_its_end_is_told(scope: Scope) -> None:
    scope.page.evaluate(SEEN_AT_THE_END)
    scope.run("print('all of it')")
    assert scope.page.evaluate("seen") == "all of it\n"


def test_nothing_of_one_run_leaks_into_the_next(scope: Scope) -> None:
    scope.run(
        "import asyncio, builtins, os, sys, random\n"
        "import colorsys\n"
        "name = builtins.name = asyncio.name = sys.name = 1\n"
        "builtins.print_ = print\n"
        "asyncio.sleep = None\n"
        "os.environ['NAME'] = '1'\n"
        "sys.modules['invented'] = sys\n"
        "sys.setrecursionlimit(99)\n"
        "open('left-behind.txt', 'w').write('x')\n"
        "loop = asyncio.new_event_loop()\n"
        "async def forgotten():\n"
        "    await loop.create_future()\n"
        "task = loop.create_task(forgotten(), name='forgotten')\n"
        "loop.call_later(0, print, 'from before')\n"
        "random.seed(1)\n"
        "print(task.get_name())\n",
        ends="Finished",
    )
    scope.run(
        "import asyncio, builtins, os, sys\n"
        "print('name' in globals(), *(hasattr(m, 'name') for m in (builtins, asyncio, sys)))\n"
        "print('NAME' in os.environ, {'invented', 'colorsys'} & set(sys.modules))\n"
        "print(os.path.exists('left-behind.txt'), sys.getrecursionlimit() > 99)\n"
        "async def main():\n"
        "    await asyncio.sleep(1)\n"
        "    print(*(task.get_coro().__name__ for task in asyncio.all_tasks()))\n"
        "asyncio.run(main())\n"
    )
    scope.expect_output("False False False False", "False set()", "False True", "main")
    scope.expect_tasks("main: 2 steps, finished")


def test_time_is_virtual_until_the_real_clock_is_chosen(scope: Scope) -> None:
    program = (
        "import asyncio, time\n"
        "async def main():\n"
        "    start = time.monotonic()\n"
        "    await asyncio.sleep({})\n"
        "    print(round(time.monotonic() - start, 1))\n"
        "asyncio.run(main())\n"
    )
    scope.run(program.format(3600))
    scope.expect_output("3600.0")
    expect(scope.told().nth(1)).to_have_text(
        "0.000 s Nothing is ready: the loop waits for 3600 s.", use_inner_text=True
    )
    scope.clock.select_option("real")
    scope.run(program.format(0.2))
    assert float(scope.printed()[0]) >= 0.2


def test_the_critical_path_is_that_of_the_run_that_is_shown(scope: Scope) -> None:
    panel = scope.tab("Findings")
    for seconds in (1, 2):
        scope.run(f"import asyncio\nasyncio.run(asyncio.sleep({seconds}))\n")
        expect(panel).to_contain_text(f"Critical path: what the {seconds} s depended on")
        expect(panel).to_contain_text(f"sleep waits {seconds} s for sleep({seconds}).")
