"""What is true of every lesson. What a lesson itself claims is proved beside it, in web/lessons."""

from __future__ import annotations

import asyncio
import base64
import builtins
import json
import keyword
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conformance.servers import ROOT, Native, native_314
from lessons import FOLDER, Lesson, Run, Values, lessons, parse, record, run_changed, run_of, values

# A native CPython 3.14 where there is one, else that of the tests.
NATIVE = native_314() or [sys.executable]
VERSION = (3, 14) if native_314() else sys.version_info[:2]

EVERY = pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.slug)


@pytest.fixture(scope="module")
def native() -> Iterator[Native]:
    server = Native(NATIVE)
    yield server
    server.close()


@EVERY
def test_its_program_prints_the_same_in_native_cpython_and_in_the_page(
    lesson: Lesson, native: Native
) -> None:
    if lesson.needs > VERSION:
        needs, there = (".".join(map(str, version)) for version in (lesson.needs, VERSION))
        pytest.skip(f"needs Python {needs}; the native one is {there}")
    native.ask(lesson.program, "stock")  # CPython's own loop, but it lets the time jump where it would sleep
    answer = native.take()
    run = run_of(lesson.slug)
    assert [line.strip() for line in answer.stdout.splitlines()] == run.printed
    assert (answer.stderr, answer.end) == (run.errors, "exit 0")


# -- what it asks

KEYS: dict[str, tuple[set[str], set[str]]] = {  # by `ask`: keys that must be there, and keys that may
    "order": ({"line"}, set()),
    "choice": ({"option"}, set()),
    "duration": ({"unit", "tolerance"}, {"from", "to"}),
    "steps": ({"task"}, set()),
    "next": ({"after", "option"}, set()),
    "waker": ({"task", "option"}, {"resume"}),
}
LISTS = {"line": range(2, 7), "option": range(2, 6)}


@EVERY
def test_every_question_has_one_answer_and_it_is_among_the_options(lesson: Lesson) -> None:
    run = run_of(lesson.slug)
    assert 1 <= len(lesson.questions) <= 4
    for question in lesson.questions:
        (ask,) = question["ask"]
        must, may = KEYS[ask]
        given = set(question) - {"ask", "question"}
        assert must <= given <= must | may, question
        for key, found in question.items():
            assert len(found) in LISTS.get(key, (1,)), f"{key}: {found}"
            assert len(set(found)) == len(found)
        answer = run.answer(question)
        if ask == "order":
            assert isinstance(answer, list)
            assert sorted(answer) == sorted(question["line"])
            assert answer != question["line"], "the lines stand in the order of the answer"
        elif isinstance(answer, str):
            assert answer in question["option"]
            if ask != "choice":
                assert set(question["option"]) <= {*run.tasks, "timer", "itself", "program"}
        else:
            assert isinstance(answer, float | int)
            assert answer >= 0


@EVERY
def test_lines_that_a_question_names_are_printed_at_most_once(lesson: Lesson) -> None:
    printed = run_of(lesson.slug).printed
    for question in lesson.questions:
        for key in ("line", "from", "to", "after", "option"):
            for text in question.get(key, ()):
                assert printed.count(text) <= 1


def test_the_options_of_a_lesson_do_not_always_begin_with_the_answer() -> None:
    firsts = [
        question["option"].index(str(run_of(lesson.slug).answer(question)))
        for lesson in lessons()
        for question in lesson.questions
        if "option" in question
    ]
    assert 0.1 < firsts.count(0) / len(firsts) < 0.6


def test_the_page_computes_the_same_answers() -> None:
    runs = [(each, run_of(each.slug)) for each in lessons()]
    # After a change a question may have no answer; then the page has none either.
    runs += [
        (each, run_changed(each.slug, number)) for each in lessons() for number in range(len(each.changes))
    ]
    jobs = [
        {
            "trace": base64.b64encode(run.data).decode(),
            "questions": [as_the_page_has_it(q) for q in each.questions],
        }
        for each, run in runs
    ]
    node = os.environ.get("LOOPSCOPE_NODE") or shutil.which("node")
    assert node, "node is not on PATH"
    script = ROOT / "tests/page_answers.mjs"
    done = subprocess.run(
        [node, str(script)], input=json.dumps(jobs), capture_output=True, text=True, timeout=110
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [[answer(run, q) for q in each.questions] for each, run in runs]


def as_the_page_has_it(question: Values) -> dict[str, str | list[str]]:
    return {key: found if key in LISTS else found[0] for key, found in question.items()}


def answer(run: Run, question: Values) -> object:
    try:
        return run.answer(question)
    except (AssertionError, ValueError, IndexError):
        return None


# -- what it proposes


@EVERY
def test_every_change_makes_another_program_that_runs(lesson: Lesson) -> None:
    assert 1 <= len(lesson.changes) <= 2
    for number, change in enumerate(lesson.changes):
        assert change.words
        run = run_changed(lesson.slug, number)
        before = run_of(lesson.slug)
        assert (run.lines, run.steps) != (before.lines, before.steps)
        assert run.errors == "" or "deadlock" in lesson.slug or "never retrieved" in run.errors


# -- its words


@EVERY
def test_it_fits_one_screen_beside_its_program(lesson: Lesson) -> None:
    """The page itself is measured end to end; these bounds are what makes it so."""
    (title,), (summary,) = lesson.head["title"], lesson.head["summary"]
    assert len(title) <= 40
    assert len(summary) <= 90
    assert 85 <= len(lesson.intro.split()) <= 140
    assert len(lesson.look.split()) <= 50
    assert all(len(change.words.split()) <= 50 for change in lesson.changes)
    lines = lesson.program.splitlines()
    assert len(lines) <= 30
    assert max(map(len, lines)) <= 58


def names(of: object) -> set[str]:
    return {name for name in dir(of) if not name.startswith("_")}


KNOWN = (
    set(keyword.kwlist) | set(dir(builtins)) | names(asyncio)
    | {name for kind in (asyncio.Task, asyncio.Lock, asyncio.Event, asyncio.Queue) for name in names(kind)}
    | {"asyncio", "time", "contextlib", "aclosing", "contextvars", "ContextVar", "debug", "run", "main"}
)  # fmt: skip


@EVERY
def test_every_name_it_mentions_is_in_its_program_or_in_python(lesson: Lesson) -> None:
    sources = [lesson.program, *(lesson.changed(number) for number in range(len(lesson.changes)))]
    printed = run_of(lesson.slug).printed
    texts = [lesson.intro, lesson.look, *(change.words for change in lesson.changes)]
    for code in re.findall(r"`([^`]+)`", "\n".join(texts)):
        there = any(code in source for source in sources) or code in printed
        assert there or set(re.findall(r"[A-Za-z_]+", code)) <= KNOWN, code


@EVERY
def test_no_line_number_is_mentioned_and_no_sentence_is_cut(lesson: Lesson) -> None:
    for text in (lesson.intro, lesson.look, *(change.words for change in lesson.changes)):
        assert not re.search(r"\blines? \d", text)
        assert text.rstrip()[-1] in ".?!"


@EVERY
def test_its_links_lead_somewhere(lesson: Lesson) -> None:
    check_links((lesson.folder / "lesson.md").read_text(encoding="utf-8"))


def check_links(text: str) -> None:
    slugs = {lesson.slug for lesson in lessons()} | {"cheat-sheet"}
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert target.partition("#")[0] in slugs, target


def test_the_course_is_numbered_without_a_gap_and_its_names_are_unique() -> None:
    numbers = [int(lesson.folder.name[:2]) for lesson in lessons()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len({lesson.slug for lesson in lessons()}) == len(numbers)


@EVERY
def test_its_claims_are_proved_beside_it(lesson: Lesson) -> None:
    test = lesson.folder / f"test_{lesson.slug.replace('-', '_')}.py"
    found = re.findall(r"^def (test_\w+)", test.read_text(encoding="utf-8"), re.M)
    assert len(found) >= 3
    assert {path.name for path in lesson.folder.iterdir() if path.is_file()} == {
        "lesson.md", "program.py", test.name,
    }  # fmt: skip


# -- the tests' own tools


def test_a_lesson_whose_form_is_wrong_is_refused(tmp_path: Path) -> None:
    good = (FOLDER / "02-two-queries/lesson.md").read_text(encoding="utf-8")
    for wrong in (good.replace("## Look", "## Looks"), good.replace("ask: next", "ask next"), good[4:]):
        (tmp_path / "lesson.md").write_text(wrong, encoding="utf-8")
        with pytest.raises(ValueError, match=r"key: value|a head, text"):
            parse(tmp_path)


def test_a_value_may_hold_a_colon_and_a_key_may_come_again() -> None:
    found: Values = values("from: in turn:\nline: a: b\nline: c")
    assert found == {"from": ["in turn:"], "line": ["a: b", "c"]}


def test_answers_follow_the_program() -> None:
    question = {"ask": ["duration"], "unit": ["s"], "tolerance": ["0"]}
    runs = [record(f"import asyncio\nasyncio.run(asyncio.sleep({seconds}))") for seconds in (2, 3)]
    assert [run.answer(question) for run in runs] == [2, 3]


# -- the cheat sheet

SHEET = (FOLDER / "cheat-sheet.md").read_text(encoding="utf-8")
WORDS = {
    "coroutine", "task", "future", "handle", "ready queue", "event loop", "awaitable", "suspension point", "timer",
    "waiter", "cancellation",
}  # fmt: skip


def test_the_cheat_sheet_has_each_word_once_with_its_place_on_the_timeline() -> None:
    _, *entries = re.split(r"^### ", SHEET, flags=re.M)
    headings = [entry.partition("\n")[0] for entry in entries]
    assert set(headings) >= WORDS
    assert len(set(headings)) == len(headings)
    for entry in entries:
        assert entry.count("*Seen:*") == 1, entry
        assert len(entry.split()) <= 75


def test_the_cheat_sheet_links_to_every_lesson_that_has_a_word() -> None:
    check_links(SHEET)
    linked = set(re.findall(r"\]\(([\w-]+)\)", SHEET))
    assert {lesson.slug for lesson in lessons()} - linked == {"taking-turns", "two-queries"}


def test_what_the_cheat_sheet_quotes_is_on_the_page() -> None:
    texts = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "web/src").rglob("*.ts*"))
    for words in ("ready, waits for its turn", "State at t", "Why now", "Findings", "Ready queue", "Timers"):
        assert words in texts, words
