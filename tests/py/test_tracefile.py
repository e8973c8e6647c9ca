from __future__ import annotations

import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from engines import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from loopscope import record
from loopscope.analysis.trace import Trace
from loopscope.protocol import How, Kind
from loopscope.record import record_file
from loopscope.tracefile import HEAD, MAGIC, MAX_BYTES, VERSION, TraceFile, TraceFileError, pack, unpack

PROGRAM = """\
import asyncio, sys

async def main():
    print("hello")
    print("oh", file=sys.stderr)
    await asyncio.sleep(0.5)
    sys.exit(3)

asyncio.run(main())
"""
FRAMES, END = record(PROGRAM)
FILE = pack(TraceFile(PROGRAM, FRAMES, {"name": "é.py"}))


def test_a_file_comes_back_as_it_was_packed() -> None:
    assert unpack(FILE) == TraceFile(PROGRAM, FRAMES, {"name": "é.py"})


@pytest.mark.parametrize("level", [0, 1, 9])
def test_any_level_of_compression_is_read(level: int) -> None:
    assert unpack(pack(TraceFile("x", FRAMES), level)) == TraceFile("x", FRAMES)


def test_a_recorded_file_holds_what_record_returns_and_how_it_ended() -> None:
    data, end = record_file(PROGRAM, name="program.py", cpu=lambda: 0.0)
    file = unpack(data)
    assert (file.program, end) == (PROGRAM, END)
    assert Trace.read(file.frames).rows == Trace.read(FRAMES).rows
    assert file.header["name"] == "program.py"
    assert file.header["clock"] == "virtual"
    assert file.header["python"] == ".".join(map(str, sys.version_info[:3]))
    assert file.header["end"] == {"how": "finished", "code": 3}


def test_a_failure_is_told_in_the_header() -> None:
    data, _ = record_file("x = 1\nraise ValueError('no')\n")
    end = unpack(data).header["end"]
    assert end["how"] == "failed"
    assert (end["problem"]["type"], end["problem"]["message"], end["problem"]["line"]) == (
        "ValueError",
        "no",
        2,
    )


def head(size: int, header: int = 16, version: int = VERSION) -> bytes:
    return HEAD.pack(MAGIC, version, header, size)


def around(contents: bytes, header: int) -> bytes:
    return head(len(contents), header) + zlib.compress(contents)


BROKEN = {
    "nothing": (b"", "not a Loopscope trace file"),
    "something else": (b"PK\x03\x04" + bytes(60), "not a Loopscope trace file"),
    "converted line ends": (FILE.replace(b"\r\n", b"\n", 1), "not a Loopscope trace file"),
    "half": (FILE[: len(FILE) // 2], "damaged"),
    "and more": (FILE + b"x", "damaged"),
    "newer": (head(0, version=VERSION + 1), f"version {VERSION + 1}"),
    "version 0": (head(0, version=0), "damaged"),
    "too large": (head(MAX_BYTES + 1), "too large"),
    "bomb": (head(4096) + zlib.compress(bytes(50_000_000)), "damaged"),
    "shorter than promised": (head(99) + zlib.compress(b"{}"), "damaged"),
    "header longer than contents": (around(b"{}", 99), "damaged"),
    "no JSON": (around(b"{'a'}   ", 5), "damaged"),
    "deep JSON": (around(b"[" * 400_000, 400_000), "damaged"),
    "no object": (around(b"[]", 2), "damaged"),
    "no program": (around(b"{}      ", 2), "its program should be text"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_whole_file_is_refused_in_words(name: str) -> None:
    data, words = BROKEN[name]
    with pytest.raises(TraceFileError, match=words):
        unpack(data)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, len(FILE) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_changed_bytes_are_noticed(changes: list[tuple[int, int]]) -> None:
    data = bytearray(FILE)
    for at, value in changes:
        data[at] = value
    try:
        file = unpack(bytes(data))
    except TraceFileError:
        return
    # Of the head's length of the header a change within the padding makes no difference.
    assert (file.program, file.frames) == (PROGRAM, FRAMES)


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "loopscope", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "py")}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)


def test_the_command_line_records_a_program_and_shows_what_it_prints(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM.replace('"oh"', '"oh", *sys.argv[1:]'))
    done = run("record", "program.py", "-o", "run.loopscope", "--", "-x", cwd=tmp_path)
    assert (done.stdout, done.stderr, done.returncode) == ("hello\n", "oh -x\n", 3)
    trace = Trace.read(unpack((tmp_path / "run.loopscope").read_bytes()).frames)
    assert [(row.how, row.aux) for row in trace.rows if row.kind is Kind.EXIT] == [(How.FINISHED, 3)]
    told = run("tell", "run.loopscope", cwd=tmp_path)
    assert "main prints at line 4: 'hello'" in told.stdout


def test_the_command_line_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    (tmp_path / "run.loopscope").write_bytes(FILE[:-9])
    done = run("tell", "run.loopscope", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("loopscope: This trace file is damaged")
