"""The corpus of ordering programs: ordering/NAME.py and what native CPython 3.14 printed, ordering/NAME.txt.

python -m conformance.ordering [NAME…]    records them anew; with LOOPSCOPE_CPYTHON, or a python3.14 on PATH
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from conformance.engine import Answer
from conformance.servers import native_314

FOLDER = Path(__file__).resolve().parent / "ordering"

# Run as a file, from standard input: real clock, CPython's own loop, the interpreter's own end.
BOOT = """\
import linecache, sys
source = sys.stdin.read()
linecache.cache["main.py"] = (len(source), None, source.splitlines(True), "main.py")
exec(compile(source, "main.py", "exec", dont_inherit=True))
"""


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.py"))


def source(name: str) -> str:
    return (FOLDER / f"{name}.py").read_text(encoding="utf-8")


def expected(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def told(answer: Answer) -> str:
    """An answer as it is recorded, without what differs between machines and releases."""
    parts = [without_library(answer.stdout)]
    if answer.stderr:
        parts.append(f"--- stderr\n{without_library(answer.stderr)}")
    return "".join(parts) + f"--- {answer.end}\n"


def without_library(text: str) -> str:
    """Tracebacks keep the program's frames only; what else names a place in the library or a duration is shortened."""
    lines: list[str] = []
    dropped: str | None = None  # the prefix of a frame that is left out, as of the lines below it
    for line in text.splitlines():
        frame = re.match(r'([\s|+]*)  File "([^"]+)"', line)
        if frame:
            dropped = None if frame[2] == "main.py" else frame[1]
        elif dropped is not None and not line.startswith(dropped + "    "):
            dropped = None
        if dropped is None:
            lines.append(line)
    text = "".join(line + "\n" for line in lines)
    text = re.sub(r"[\w./<>-]*?(asyncio/\w+\.py):\d+", r"\1", text)
    text = re.sub(r"'[^']*/(asyncio/\w+\.py)', line \d+", r"\1", text)
    text = re.sub(r"took \d+\.\d+ seconds", "took … seconds", text)
    text = re.sub(r"0x[0-9a-f]+", "0x…", text)
    return re.sub(r"_UnixSelectorEventLoop", "EventLoop", text)


def record(name: str, command: list[str]) -> str:
    done = subprocess.run(
        [*command, "-X", "utf8", "-c", BOOT], input=source(name), capture_output=True, text=True, timeout=60
    )
    end = f"exit {done.returncode}"
    last = done.stderr.strip().splitlines()[-1:] or [""]
    if done.returncode == 1 and "Traceback" in done.stderr:
        end = re.sub(r"^[\s|+-]*", "", last[0]).partition(":")[0].rpartition(".")[2]
        if "Exception Group Traceback" in done.stderr:
            end = "ExceptionGroup"
    if done.returncode in (130, -2):
        end = "KeyboardInterrupt"
    return told(Answer(done.stdout, done.stderr, end))


if __name__ == "__main__":
    command = native_314()
    assert command, "no CPython 3.14: set LOOPSCOPE_CPYTHON"
    for chosen in sys.argv[1:] or names():
        (FOLDER / f"{chosen}.txt").write_text(record(chosen, command), encoding="utf-8")
