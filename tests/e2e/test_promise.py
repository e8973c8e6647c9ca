"""Somebody awaits a JavaScript promise: a real one, which JavaScript settles while the program waits."""

from __future__ import annotations

import re
from pathlib import Path

from e2e.scope import Scope

FOLDER = Path(__file__).resolve().parents[1] / "web/narrated"


def told(line: str) -> str:
    """A sentence without its times: how long a timer of JavaScript's takes is nobody's to say."""
    line = re.sub(r"^(t = )?[\d.]+ s\s+", "", line)
    return re.sub(r" for [\d.]+ (s|ms|µs)(?=[,.])", "", line)


def test_its_story_is_told_as_where_the_outside_is_played(scope: Scope) -> None:
    scope.run((FOLDER / "promise.py").read_text(encoding="utf-8"))
    scope.expect_output("from outside")
    story = (FOLDER / "promise.txt").read_text(encoding="utf-8").splitlines()
    sentences = scope.told()
    assert [told(line) for line in sentences.all_inner_texts()] == [told(line) for line in story]
    # The virtual clock goes on with the outside's: how far, nobody can say, as the timer began within the step.
    assert re.search(r"waits for (?!0 s)[\d.]+ (s|ms|µs)", sentences.nth(1).inner_text())
