"""Somebody's program asks for more than there is: it is told so, the page works on, and so does the next run."""

from __future__ import annotations

import re

import pytest
from e2e.conftest import PageErrors
from e2e.scope import PATIENCE, Scope
from playwright.sync_api import expect

EATS = "eaten = []\nwhile True:\n    eaten.append(bytearray(50_000_000))\n"

RECURSES = "def deeper(n):\n    return deeper(n + 1)\ndeeper(0)\n"

AWAITS_DEEPER = """\
import asyncio

async def deeper(n):
    await deeper(n + 1)

asyncio.run(deeper(0))
"""

BOMB = """\
import asyncio

async def bomb():
    while True:
        tasks.add(asyncio.create_task(bomb()))
        await asyncio.sleep(0)

tasks = set()
print('begun')
asyncio.run(bomb())
"""

LONG_NAME = """\
import asyncio

async def main():
    await asyncio.create_task(asyncio.sleep(1), name='n' * 10_000_000)
    print('named')

asyncio.run(main())
"""


def expect_works_on(scope: Scope) -> None:
    scope.run("print('works on')")
    scope.expect_output("works on")


@pytest.mark.parametrize(
    ("program", "end", "last"),
    [
        pytest.param(
            "[0] * 10**10\n", "OverflowError at line 1", "OverflowError: cannot fit", id="ten billion"
        ),
        pytest.param(EATS, "MemoryError at line 3", "A program has 1 GB", id="eats memory"),
        pytest.param(RECURSES, "RecursionError at line 2", "RecursionError: maximum", id="recursion"),
        pytest.param(AWAITS_DEEPER, "RecursionError at line", "RecursionError: maximum", id="awaits deeper"),
    ],
)
def test_more_than_there_is(scope: Scope, program: str, end: str, last: str) -> None:
    scope.run(program, ends=re.compile(f"^Failed · {end}"))
    assert scope.printed()[-1].startswith(last)
    expect_works_on(scope)


def test_a_bomb_of_tasks_can_be_stopped(scope: Scope) -> None:
    scope.start(BOMB)
    expect(scope.output).to_contain_text("begun")
    # The page answers meanwhile.
    scope.tab("Findings")
    scope.tab("Selected")
    scope.stop()
    expect_works_on(scope)


def test_a_name_of_ten_million_characters(scope: Scope) -> None:
    scope.run(LONG_NAME)
    scope.expect_output("named")
    expect(scope.task(re.compile("nnn…"))).to_have_count(1)
    expect_works_on(scope)


def test_a_program_of_five_million_characters(scope: Scope) -> None:
    scope.write("#" + "x" * 5_000_000)
    scope.run_button.click()
    expect(scope.status).to_contain_text(
        "Failed · the program has 5.0 million characters, and may have one million"
    )
    expect_works_on(scope)


def test_a_crash_is_told_as_one_and_the_next_run_is_well(scope: Scope, page_errors: PageErrors) -> None:
    page_errors.allow("Aborted|fatal error|memory access out of bounds|call stack|RangeError|RuntimeError")
    scope.write("import os\nos.abort()\n")
    scope.run_button.click()
    expect(scope.status).to_contain_text(
        re.compile(
            "^Failed · Python crashed: .* What it did last may be missing here. The next run gets a fresh one"
        ),
        timeout=PATIENCE,
    )
    expect_works_on(scope)
