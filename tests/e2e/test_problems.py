"""Somebody's program goes wrong: the page says what happened, and goes on working."""

from __future__ import annotations

import re

from e2e.conftest import PageErrors
from e2e.scope import PATIENCE, Scope
from playwright.sync_api import Locator, expect

FORGETS = (
    "import asyncio\nasync def forgotten(): pass\nasync def main():\n    forgotten()\nasyncio.run(main())\n"
)


def problem_line(scope: Scope, line: str) -> Locator:
    """The editor's line that is marked as the one that failed."""
    return scope.program.locator(".ls-problem").filter(has_text=line)


def test_a_syntax_error_is_shown_at_its_line(scope: Scope) -> None:
    scope.run("import asyncio\n\nasync def main(:\n    pass\n", ends="Failed · SyntaxError at line 3")
    scope.expect_output(
        '  File "main.py", line 3',
        "    async def main(:",
        "                   ^",
        "SyntaxError: invalid syntax",
    )
    mark = problem_line(scope, "async def main(:")
    expect(mark).to_have_attribute("data-note", "SyntaxError: invalid syntax")
    expect(scope.timeline).to_contain_text("The program did not start: SyntaxError at line 3.")
    expect(scope.panel).to_contain_text("No task ran in this run")
    finding = scope.tab("Findings").get_by_role("list", name="Findings").get_by_role("listitem")
    expect(finding).to_contain_text("SyntaxError")
    finding.get_by_role("link", name="Line 3").click()
    expect(scope.program).to_be_focused()
    # Mended, it runs, and the mark is gone.
    scope.run("import asyncio\n\nasync def main():\n    print('mended')\n\nasyncio.run(main())\n")
    scope.expect_output("mended")
    expect(mark).to_have_count(0)


def test_an_exception_tells_the_programs_own_lines_only(scope: Scope) -> None:
    scope.run(
        "import asyncio\n"
        "\n"
        "async def fetch():\n"
        "    await asyncio.sleep(0)\n"
        "    raise ValueError('no <b>such</b> user')\n"
        "\n"
        "async def main():\n"
        "    async with asyncio.timeout(1):\n"
        "        await asyncio.gather(fetch(), asyncio.sleep(1))\n"
        "\n"
        "print('before')\n"
        "asyncio.run(main())\n",
        ends="Failed · ValueError at line 5",
    )
    scope.expect_output(
        "before",
        "Traceback (most recent call last):",
        '  File "main.py", line 12, in <module>',
        "    asyncio.run(main())",
        "    ~~~~~~~~~~~^^^^^^^^",
        '  File "main.py", line 9, in main',
        "    await asyncio.gather(fetch(), asyncio.sleep(1))",
        '  File "main.py", line 5, in fetch',
        "    raise ValueError('no <b>such</b> user')",
        "ValueError: no <b>such</b> user",
    )
    expect(problem_line(scope, "raise ValueError")).to_have_attribute(
        "data-note", "ValueError: no <b>such</b> user"
    )
    scope.expect_tasks(
        "main: 2 steps, raised ValueError", "fetch: 2 steps, raised ValueError", "sleep: 2 steps, cancelled"
    )
    scope.run("print('again')")
    scope.expect_output("again")
    expect(problem_line(scope, "")).to_have_count(0)


def test_an_exception_nobody_retrieved_is_reported(scope: Scope) -> None:
    scope.run(
        "import asyncio\n"
        "async def lost():\n"
        "    raise KeyError('nobody asks')\n"
        "async def main():\n"
        "    asyncio.create_task(lost())\n"
        "    await asyncio.sleep(0.1)\n"
        "    print('main ends')\n"
        "asyncio.run(main())\n"
    )
    expect(scope.output).to_contain_text("main ends")
    expect(scope.output).to_contain_text("Task exception was never retrieved")
    expect(scope.output).to_contain_text("KeyError: 'nobody asks'")
    scope.expect_tasks("main: 2 steps, finished", "lost: 1 step, raised KeyError")


def test_a_coroutine_never_awaited_is_warned_about_at_its_line(scope: Scope) -> None:
    scope.run(FORGETS)
    expect(scope.output).to_contain_text("RuntimeWarning")
    assert scope.printed()[0] == "main.py:4: RuntimeWarning: coroutine 'forgotten' was never awaited"


def test_an_exit_code_is_told(scope: Scope) -> None:
    scope.run("import sys\nprint('bye')\nsys.exit(3)\n", ends="Finished · exit code 3")
    scope.expect_output("bye")
    expect(scope.told().last).to_contain_text("The program ends with exit code 3.")


def test_a_program_that_leaves_at_once_keeps_what_it_did_and_cleans_nothing_up(scope: Scope) -> None:
    scope.run(
        "import asyncio, atexit, os\n"
        "atexit.register(print, 'exit function')\n"
        "async def main():\n"
        "    try:\n"
        "        print('before')\n"
        "        await asyncio.sleep(1)\n"
        "        os._exit(3)\n"
        "    finally:\n"
        "        print('after')\n"
        "asyncio.run(main())\n",
        ends="Finished · exit code 3",
    )
    scope.expect_output("before")
    expect(scope.told().last).to_contain_text("The program ends with exit code 3.")
    scope.run("print('again')")
    scope.expect_output("again")


def test_what_is_written_below_the_streams_is_shown_in_its_order(scope: Scope) -> None:
    scope.run(
        "import os\nprint('one')\nprint(os.write(1, b'two\\n'))\nos.write(2, memoryview(b'three\\n'))\n"
        "read, write = os.pipe()\nos.write(write, b'four')\nprint(os.read(read, 9))\n"
    )
    scope.expect_output("one", "two", "4", "three", "b'four'")


def test_a_program_that_wants_threads_or_processes_is_told_what_there_is_instead(scope: Scope) -> None:
    scope.run(
        "import threading\nthreading.Thread(target=print).start()\n", ends="Failed · RuntimeError at line 2"
    )
    expect(scope.output).to_contain_text("A browser gives Python one thread. asyncio.to_thread works")
    scope.run(
        "import multiprocessing\nmultiprocessing.Queue()\n", ends="Failed · ModuleNotFoundError at line 2"
    )
    expect(scope.output).to_contain_text("A browser gives Python no processes.")


def test_standard_error_comes_in_the_order_of_writing(scope: Scope) -> None:
    scope.run(
        "import sys\n"
        "print('one')\n"
        "print('two', file=sys.stderr)\n"
        "print('three')\n"
        "sys.stderr.write('four\\n')\n"
        "print('five', end='')\n"
    )
    scope.expect_output("one", "two", "three", "four", "five")


def test_a_flood_of_a_million_lines_ends_and_tells_what_is_cut(scope: Scope) -> None:
    scope.start("for number in range(1_000_000):\n    print('line', number)\n")
    # The page answers meanwhile.
    scope.tab("Told in words")
    scope.tab("Selected")
    expect(scope.status).to_have_text("Finished", timeout=PATIENCE)
    region = scope.page.get_by_role("region", name="Output")
    expect(region).to_contain_text(re.compile(r"[\d,]+ earlier lines are not shown"))
    expect(region).to_contain_text("The program wrote 908,081 more lines, which were not kept.")
    assert len(scope.printed()) <= 6000
    scope.run("print('again')")
    scope.expect_output("again")


def test_a_line_of_a_million_characters_is_cut(scope: Scope) -> None:
    scope.run("print('x' * 900_000)\nprint('short')\n")
    expect(scope.output).to_contain_text("890,000 more characters")
    assert scope.printed()[-1] == "short"


def test_output_and_names_are_shown_as_text(scope: Scope) -> None:
    evil = "<img src=x onerror=\"document.title='owned'\">"
    scope.run(
        "import asyncio\n"
        f"evil = {evil!r}\n"
        "async def main():\n"
        "    task = asyncio.create_task(asyncio.sleep(0.1), name=evil)\n"
        "    print(evil)\n"
        "    await task\n"
        "main.__qualname__ = evil\n"
        "asyncio.run(main())\n"
        "raise type(evil, (Exception,), {})(evil)\n",
        ends=re.compile("^Failed"),
    )
    expect(scope.output).to_contain_text(evil)
    expect(scope.status).to_contain_text(evil)
    expect(scope.task(re.compile(r"^<img src=x onerror"))).not_to_have_count(0)
    for tab in ("Told in words", "Findings", "State at t", "Selected"):
        scope.tab(tab)
        scope.forward.click()
        expect(scope.page.locator("img[src]")).to_have_count(0)
    scope.canvas.hover(position={"x": 400, "y": 110})
    scope.frame()
    expect(scope.page.locator("img[src]")).to_have_count(0)
    expect(scope.page).to_have_title(re.compile("^Loopscope"))


def test_python_itself_may_die_and_the_next_run_is_well(scope: Scope, page_errors: PageErrors) -> None:
    page_errors.allow("fatal error|memory access out of bounds")
    scope.run("import ctypes\nctypes.string_at(0xfffffff0)\n", ends=re.compile("^Failed"))
    scope.run("print('again')")
    scope.expect_output("again")
