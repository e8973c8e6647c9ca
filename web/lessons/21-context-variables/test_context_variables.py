"""What the lesson says, proved on runs of its program."""

from __future__ import annotations

from lessons import lesson, record, run_changed, run_of

LESSON = "context-variables"


def test_each_finds_its_own_name_again_after_the_await() -> None:
    run = run_of(LESSON)
    assert run.printed[:4] == ["Ada: begins", "Bob: begins", "Ada: ends", "Bob: ends"]
    for name in ("Ada", "Bob"):
        for line in (f"{name}: begins", f"{name}: ends"):
            assert run.step_that_printed(line).task == name


def test_they_sleep_at_the_same_time() -> None:
    run = run_of(LESSON)
    assert [timer.due for name in ("Ada", "Bob") for timer in run.timers(name)] == [10, 10]


def test_what_a_task_sets_its_creator_does_not_see() -> None:
    run = run_of(LESSON)
    assert run.printed[-1] == "nobody: main goes on"
    assert run.step_that_printed("nobody: main goes on").task == "main"


def test_the_copy_is_taken_when_the_task_is_created() -> None:
    source = lesson(LESSON).program.replace("    user.set(name)\n", "")
    source = source.replace("    await ada\n", "    user.set('somebody')\n    await ada\n")
    run = record(source)
    assert run.printed == [
        "nobody: begins",
        "nobody: begins",
        "nobody: ends",
        "nobody: ends",
        "somebody: main goes on",
    ]


def test_log_sees_the_value_of_whoever_calls_it() -> None:
    assert run_of(LESSON).tasks == ["main", "Ada", "Bob"]  # none for log


def test_changed_what_handle_sets_stays_set_for_main() -> None:
    run = run_changed(LESSON)
    assert run.printed[-1] == "Cleo: main goes on"
    assert run.step_that_printed("Cleo: begins").task == "main"


def test_a_global_variable_holds_after_an_await_what_somebody_else_wrote() -> None:
    source = lesson(LESSON).program.replace("from contextvars import ContextVar\n", "")
    source = source.replace("ContextVar('user')", "[None]").replace("user.get()", "user[0]")
    source = source.replace("user.set(name)", "user[0] = name").replace(
        "user.set('nobody')", "user[0] = 'nobody'"
    )
    assert record(source).printed == [
        "Ada: begins",
        "Bob: begins",
        "Bob: ends",
        "Bob: ends",
        "Bob: main goes on",
    ]
