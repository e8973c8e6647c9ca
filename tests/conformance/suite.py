"""Runs modules of CPython's test.test_asyncio and tells each test's outcome. Runs natively and inside Pyodide."""

from __future__ import annotations

import io
import os
import sys
import unittest
import warnings
from collections.abc import Callable
from typing import Any

MODULES = [
    "base_events",
    "buffered_proto",
    "context",
    "eager_task_factory",
    "events",
    "futures",
    "futures2",
    "graph",
    "locks",
    "pep492",
    "protocols",
    "queues",
    "runners",
    "selector_events",
    "sendfile",
    "server",
    "sock_lowlevel",
    "sslproto",
    "staggered",
    "streams",
    "taskgroups",
    "tasks",
    "threads",
    "timeouts",
    "tools",
    "transports",
    "unix_events",
    "waitfor",
]

# Not to be run inside Pyodide, where they never end: part of the test's id, reason.
NOT_IN_PYODIDE = {
    "test_register_task_resurrection": "corrupts the heap of CPython 3.14.2 in WebAssembly",
    "RunCoroutineThreadsafeTests": "a thread waits for the loop",
    "other_thread": "a thread waits for the loop",
}


class Result(unittest.TestResult):
    """Outcome of each test by its id: "ok", "skip: reason", or the text of what went wrong."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__()
        self.outcomes: dict[str, str] = {}
        self._tell = tell

    def startTest(self, test: Any) -> None:
        super().startTest(test)
        self._tell(test.id())
        self.outcomes.setdefault(test.id(), "ok")

    def addError(self, test: Any, err: Any) -> None:
        self.outcomes[test.id()] = self._text(test, err)

    def addFailure(self, test: Any, err: Any) -> None:
        self.outcomes[test.id()] = self._text(test, err)

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        if err is not None:
            self.outcomes[test.id()] = self._text(test, err)

    def addSkip(self, test: Any, reason: str) -> None:
        self.outcomes[test.id()] = f"skip: {reason}"

    def addExpectedFailure(self, test: Any, err: Any) -> None:
        self.outcomes[test.id()] = "ok"

    def _text(self, test: Any, err: Any) -> str:
        return self._exc_info_to_string(err, test)  # type: ignore[attr-defined, no-any-return]


def flat(suite: Any) -> list[Any]:
    if isinstance(suite, unittest.TestSuite):
        return [test for inner in suite for test in flat(inner)]
    return [suite]


def run(module: str, pattern: str = "", tell: Callable[[str], None] = lambda name: None) -> dict[str, str]:
    """Outcomes of a module's tests, of those whose id contains ``pattern``."""
    result = Result(tell)
    name = f"test.test_asyncio.test_{module}"
    out, err = sys.stdout, sys.stderr
    try:
        suite = unittest.defaultTestLoader.loadTestsFromName(name)
    except unittest.SkipTest as reason:
        return {name: f"skip: {reason}"}
    chosen = unittest.TestSuite(
        test for test in flat(suite) if pattern in test.id() and allowed(result, test)
    )
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    try:
        with warnings.catch_warnings():
            chosen.run(result)
    finally:
        sys.stdout, sys.stderr = out, err
    return result.outcomes


def allowed(result: Result, test: Any) -> bool:
    for part, reason in NOT_IN_PYODIDE.items():
        if sys.platform == "emscripten" and part in test.id():
            result.outcomes[test.id()] = f"skip: {reason}"
            return False
    return True


if __name__ == "__main__":
    import json

    os.chdir("/tmp")
    chosen = sys.argv[2:] or MODULES
    print(json.dumps({key: value for module in chosen for key, value in run(module, sys.argv[1]).items()}))
