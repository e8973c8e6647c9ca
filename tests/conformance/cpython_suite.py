"""CPython's own asyncio tests on Loopscope's loop in Pyodide; what fails there and not in native CPython is told.

    LOOPSCOPE_CPYTHON="python3.14" LOOPSCOPE_CPYTHON_TESTS=…/Lib/test python cpython_suite.py [--untraced] [MODULE…]
    … python cpython_suite.py --page [/?without=jspi] [MODULE…]     in the built site's page, in Chromium

Native CPython runs them with Pyodide's asyncio, module by module. Its C code stays its own: what a later patch release
repaired there is in EXPLAINED.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

# What fails in Pyodide only: part of the test's id, part of its traceback, reason.
EXPLAINED = [
    ("", "can't start new thread", "a browser has no threads"),
    (".test_run_in_executor", "==", "a browser has no threads: jobs run on the loop's own"),
    ("", "SSL is not supported in Pyodide", "Pyodide's ssl is a stub"),
    ("", "a browser sends no signals", "a browser has no signals"),
    ("test_unix_events.SelectorEventLoopSignalTests", "", "a browser has no signals"),
    ("", "a browser has no pipes", "a browser has no pipes"),
    ("ipe", "Bad file descriptor", "a browser has no pipes"),
    ("fifo", "mkfifo", "a browser has no pipes"),
    ("test_internal_fds", "", "the host wakes the loop: there is no self-pipe to count"),
    (
        "_existing_",
        "already in use",
        "Emscripten's files are never of type socket: a dead one can't be told from others",
    ),
    ("test_futureiter_send_after", "", "_asyncio of 3.14.2 (repaired later)"),
    ("test_eager_start_true_no_loop", "", "_asyncio of 3.14.2 (repaired later)"),
    ("test_get_context_uninitialized_segfault", "", "_asyncio of 3.14.2 (repaired later)"),
    (
        "test_unclosed_server_resource_warnings",
        "client_connected_cb",
        "counts what tests that fail before it left behind; passes alone",
    ),
]


def reason(test: str, text: str) -> str:
    return next((why for name, part, why in EXPLAINED if name in test and part in text), "")


def in_pyodide(arguments: list[str]) -> dict[str, str]:
    node = os.environ.get("LOOPSCOPE_NODE") or shutil.which("node")
    assert node, "node is not on PATH"
    done = subprocess.run(
        [node, str(HERE / "cpython_suite.mjs"), *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    outcomes: dict[str, str] = json.loads(done.stdout)
    return outcomes


def in_page(arguments: list[str]) -> dict[str, str]:
    sys.path[:0] = [str(ROOT / folder) for folder in ("tests", "scripts", "py")]
    from conformance import suite, suite_in_page

    address = arguments.pop(0) if arguments and arguments[0].startswith("/") else "/"
    return suite_in_page.run(arguments or suite.MODULES, address=address)


def natively(module: str) -> dict[str, str]:
    command = shlex.split(os.environ.get("LOOPSCOPE_CPYTHON") or "python3.14")
    # Where a chroot is the command, it must find the library and the script below its root.
    root = Path(command[1]) if command[0] == "chroot" else Path("/")
    with tempfile.TemporaryDirectory(dir=root / "tmp") as folder:
        with zipfile.ZipFile(ROOT / "node_modules/pyodide/python_stdlib.zip") as library:
            library.extractall(folder, [name for name in library.namelist() if name.startswith("asyncio/")])
        shutil.copy(HERE / "suite.py", folder)
        inside = Path("/") / Path(folder).relative_to(root)
        done = subprocess.run(
            [*command, str(inside / "suite.py"), "", module],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=600,
            env={**os.environ, "PYTHONPATH": str(inside)},
        )
    outcomes: dict[str, str] = json.loads(done.stdout)
    return outcomes


def kind(outcome: str | None) -> str:
    return (
        "ok" if outcome == "ok" else "skipped" if outcome is None or outcome.startswith("skip") else "failed"
    )


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--page"]:
        ours = in_page(arguments[1:])
    else:
        ours = in_pyodide(arguments)
        assert ours.pop("tracer") == "ok", "the tracer broke"
    modules = sorted({match[1] for test in ours if (match := re.search(r"\.test_asyncio\.test_(\w+)", test))})
    native = {test: outcome for module in modules for test, outcome in natively(module).items()}
    counts: dict[tuple[str, str], int] = {}
    reasons: dict[str, int] = {}
    unexplained = []
    for test, outcome in ours.items():
        pair = kind(outcome), kind(native.get(test))
        counts[pair] = counts.get(pair, 0) + 1
        if pair[0] == "failed" and pair[1] != "failed":
            why = reason(test, outcome)
            reasons[why] = reasons.get(why, 0) + 1
            if not why:
                unexplained.append(f"{test}\n{outcome}")
    for (here, there), count in sorted(counts.items()):
        print(f"{count:5} {here} in Pyodide, {there} natively")
    for why, count in sorted(reasons.items(), key=lambda item: -item[1]):
        print(f"{count:5} fail in Pyodide only: {why or 'UNEXPLAINED'}")
    print(*unexplained, sep="\n")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
