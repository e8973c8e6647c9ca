"""Somebody's program breaks the instrument: it runs on, the page says what failed, and the next run is whole."""

from __future__ import annotations

import textwrap

import pytest
from e2e.scope import Scope
from hostile_programs import BROKEN, HOSTILE
from playwright.sync_api import Locator, expect

BREAKS_A_CHECK = """\
import asyncio
from loopscope.analysis import findings

def broken(trace, source):
    raise ZeroDivisionError('division by zero')

findings.CHECKS = (broken, *findings.CHECKS)

async def lost():
    pass

async def main():
    lost()

asyncio.run(main())
print('fine')
"""

WHOLE = """\
import asyncio
async def main():
    await asyncio.sleep(0.01)
    print('again')
asyncio.run(main())
"""


def found(scope: Scope) -> Locator:
    return scope.tab("Findings").get_by_role("list", name="Findings").get_by_role("listitem")


def expect_whole(scope: Scope) -> None:
    """What a program does to the package stays in its own run."""
    scope.run(WHOLE)
    scope.expect_output("again")
    expect(found(scope)).to_have_text(["Nothing found in this run."])


def program(body: str) -> str:
    return f"import asyncio\n{textwrap.dedent(body)}\nasyncio.run(main())\nprint('fine')\n"


def test_a_check_that_fails_is_told_and_the_others_are_made(scope: Scope) -> None:
    scope.run(BREAKS_A_CHECK)
    expect(scope.output).to_contain_text("fine")
    told = found(scope)
    expect(told.get_by_role("heading")).to_have_text(
        ["Loopscope could not check this run: main", "lost was never awaited"]
    )
    expect(told.first).to_contain_text("ZeroDivisionError: division by zero")
    expect(told.first).to_contain_text("The program and its trace are unharmed.")
    expect_whole(scope)


@pytest.mark.parametrize("name", BROKEN)
def test_a_hook_that_fails_is_told_and_the_program_runs_on(scope: Scope, name: str) -> None:
    scope.run(program(BROKEN[name]))
    expect(scope.output).to_contain_text("fine")
    failed = found(scope).filter(has_text="ZeroDivisionError")
    expect(failed.get_by_role("heading")).to_have_text("Loopscope failed to record something")
    expect(failed).to_contain_text("The program ran on unharmed, but this trace may lack events")
    expect_whole(scope)


def test_objects_that_fail_when_they_are_asked_fail_no_hook(scope: Scope) -> None:
    body, printed = HOSTILE["a callback whose class, name, hash and equality fail"]
    scope.run(program(body))
    scope.expect_output(*printed, "fine")
    expect(found(scope)).to_have_text(["Nothing found in this run."])
