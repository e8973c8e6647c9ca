"""A run is saved to a file, opened again by somebody else, and told like the first time."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from e2e.conftest import OpenPage, OpenScope
from e2e.default_run import LINES, PROGRAM, ROWS
from e2e.scope import PATIENCE, HeldPython, Scope, link
from engines import ROOT
from loopscope.analysis.trace import Trace
from loopscope.protocol import Row, pack_frame
from loopscope.tracefile import TraceFile, pack, unpack
from playwright.sync_api import Page, Route, expect
from serve import DIST

NATIVE = """\
import asyncio

async def worker():
    await asyncio.sleep(0.5)
    print("<img src=x onerror=alert(1)>")

async def main():
    await asyncio.create_task(worker(), name="<b>__proto__</b>")
    raise ValueError("no more")

asyncio.run(main())
"""
LONG = """\
import asyncio

turns = 0

async def worker(lock):
    global turns
    for _ in range(300):
        async with lock:
            turns += 1
            await asyncio.sleep(0.001)

async def main():
    lock = asyncio.Lock()
    async with asyncio.TaskGroup() as group:
        for _ in range(10):
            group.create_task(worker(lock))
    print(turns, "turns")

asyncio.run(main())
"""
DROP = """([name, bytes]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([Uint8Array.from(atob(bytes), c => c.charCodeAt(0))], name));
  const at = document.querySelector('.cm-content');
  for (const type of ['dragover', 'drop'])
    at.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
}"""

# Files of the disk are read no sooner than `letGo` is called: a slow one.
SLOW_DISK = """() => {
  const { stream } = Blob.prototype;
  const gone = new Promise((done) => { globalThis.letGo = done; });
  Blob.prototype.stream = function () {
    if (!(this instanceof File)) return stream.call(this);
    const { readable, writable } = new TransformStream();
    void gone.then(() => stream.call(this).pipeTo(writable));
    return readable;
  };
}"""
FOR_EVER = "import asyncio\nasyncio.run(asyncio.sleep(3600))\n"


def recorded(program: str, folder: Path) -> bytes:
    """A trace file by the command line: a program of its own, away from the loop that drives the browser."""
    (folder / "native.py").write_text(program)
    command = [sys.executable, "-m", "loopscope", "record", "native.py"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "py")}
    subprocess.run(command, cwd=folder, env=environment, capture_output=True)
    return (folder / "native.loopscope").read_bytes()


def at_page(page: Page, address: str = "/") -> Scope:
    """The page without Python: opening a trace needs none."""
    HeldPython(page)
    page.goto(address)
    return Scope(page)


def rows(frames: bytes) -> list[Row]:
    """A trace's rows without what was measured."""
    return [row._replace(cpu=0.0) for row in Trace.read(frames).rows]


def save(page: Page, folder: Path) -> Path:
    page.get_by_role("button", name="Trace", exact=True).click()
    with page.expect_download() as started:
        page.get_by_role("menuitem", name="Save trace").click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


def open_file(page: Page, path: Path) -> None:
    page.get_by_role("button", name="Trace", exact=True).click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="Open trace").click()
    chooser.value.set_files(path)


def drop(page: Page, name: str, data: bytes) -> None:
    page.evaluate(DROP, [name, base64.b64encode(data).decode()])


def test_a_saved_trace_opened_again_is_the_same_trace(open_page: OpenPage, tmp_path: Path) -> None:
    scope = at_page(open_page())
    scope.expect_tasks(*ROWS)
    told = scope.told().all_inner_texts()
    path = save(scope.page, tmp_path)
    file = unpack(path.read_bytes())
    assert file.program.strip() == PROGRAM.strip()

    other = at_page(open_page())
    other.write("print('mine')")
    open_file(other.page, path)
    other.expect_tasks(*ROWS)
    other.expect_output(*LINES)
    assert other.text().strip() == PROGRAM.strip()
    assert other.told().all_inner_texts() == told
    expect(other.status).to_have_text(re.compile("a recorded run, which finished"))
    assert unpack(save(other.page, tmp_path).read_bytes()).frames == file.frames

    # The program that was there is not lost.
    other.page.get_by_role("button", name="Bring it back").click()
    expect(other.program).to_have_text("print('mine')")
    expect(other.status).not_to_have_text(re.compile("recorded"))


def test_a_run_of_thousands_of_events_is_saved_packed_and_told_alike(
    open_page: OpenPage, tmp_path: Path
) -> None:
    native = unpack(recorded(LONG, tmp_path))
    scope = at_page(open_page())
    drop(scope.page, "native.loopscope", pack(native))
    expect(scope.page.get_by_text("native.loopscope is on the page")).to_be_visible()
    path = save(scope.page, tmp_path)
    file = unpack(path.read_bytes())
    assert len(file.frames) < len(native.frames) * 0.6
    # Times are whole nanoseconds there.
    assert times_in_nanoseconds(rows(file.frames)) == times_in_nanoseconds(rows(native.frames))

    other = at_page(open_page())
    open_file(other.page, path)
    expect(other.page.get_by_text(f"{path.name} is on the page")).to_be_visible()
    other.expect_output("3000 turns")
    assert other.told().all_inner_texts() == scope.told().all_inner_texts()
    assert unpack(save(other.page, tmp_path).read_bytes()).frames == file.frames


def times_in_nanoseconds(rows: list[Row]) -> list[Row]:
    return [
        row._replace(t=round(row.t * 1e9), end=round(row.end * 1e9), ready=round(row.ready * 1e9))
        for row in rows
    ]


def test_a_trace_of_native_python_dropped_on_the_page_is_shown(open_page: OpenPage, tmp_path: Path) -> None:
    data = recorded(NATIVE, tmp_path)
    scope = at_page(open_page())
    drop(scope.page, "native.loopscope", data)
    for row in ("main: 2 steps, raised ValueError", re.compile("worker.*: 2 steps, finished")):
        expect(scope.task(row)).to_be_visible()
    expect(scope.output).to_contain_text("<img src=x onerror=alert(1)>")
    expect(scope.status).to_have_text(re.compile("a recorded run, which failed"))
    assert scope.text().strip() == NATIVE.strip()
    again = unpack(save(scope.page, tmp_path).read_bytes())
    assert rows(again.frames) == rows(unpack(data).frames)
    assert again.header["python"] == unpack(data).header["python"]
    assert again.header["end"] == unpack(data).header["end"]


def test_a_trace_of_this_site_opens_by_its_address(open_page: OpenPage, tmp_path: Path) -> None:
    data = recorded("print('from an address')", tmp_path)
    path = DIST / "run-of-a-test.loopscope"
    path.write_bytes(data)
    try:
        scope = at_page(open_page(), "/?trace=/run-of-a-test.loopscope")
        scope.expect_output("from an address")
    finally:
        path.unlink()


def test_a_trace_of_another_site_is_not_fetched(open_page: OpenPage) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    scope = at_page(page, "/?trace=https://example.org/run.loopscope")
    expect(scope.alert).to_contain_text("from this site only")
    scope.expect_tasks(*ROWS)
    assert not [url for url in asked if url.startswith("https://example.org")]


def test_a_file_that_is_no_whole_trace_is_told_and_takes_nothing_away(
    open_page: OpenPage, tmp_path: Path
) -> None:
    good = recorded("print('x')", tmp_path)
    scope = at_page(open_page())
    scope.write("print('mine')")
    scope.expect_tasks(*ROWS)
    broken = {
        "damaged": (good[:-7], "is damaged"),
        "more": (good + b"more", "is damaged"),
        "else": (b"PK\x03\x04" * 20, "not a Loopscope trace file"),
        "newer": (good[:8] + b"\x09" + good[9:], "newer Loopscope"),
        "hostile": (pack(TraceFile("", pack_frame({}, bytes(64)))), "of an unknown kind"),
    }
    for name, (data, words) in broken.items():
        drop(scope.page, f"{name}.loopscope", data)
        expect(scope.alert).to_contain_text(words)
        scope.alert.get_by_role("button", name="Dismiss").click()
    assert scope.text() == "print('mine')"
    scope.expect_tasks(*ROWS)


def test_a_file_that_comes_after_run_was_pressed_leaves_that_run_alone_until_it_is_asked_for(
    open_scope: OpenScope, tmp_path: Path
) -> None:
    scope = open_scope()
    scope.clock.select_option("real")
    scope.write(FOR_EVER)
    scope.page.evaluate(SLOW_DISK)
    drop(scope.page, "native.loopscope", recorded("print('from a file')", tmp_path))
    scope.start()
    scope.page.evaluate("letGo()")
    expect(scope.page.get_by_text("native.loopscope came after you had gone on")).to_be_visible()
    assert scope.running
    assert scope.text() == FOR_EVER

    scope.page.get_by_role("button", name="Open it").click()
    scope.expect_output("from a file")
    expect(scope.status).to_have_text(re.compile("a recorded run"))
    expect(scope.page.get_by_role("button", name="Open it")).to_have_count(0)


@pytest.mark.parametrize("later", ["an edit", "an example", "a new program", "a link"])
def test_a_file_that_comes_after_something_else_was_asked_for_does_not_take_its_place(
    later: str, open_page: OpenPage, tmp_path: Path
) -> None:
    scope = at_page(open_page())
    scope.write("print('before')")
    scope.page.evaluate(SLOW_DISK)
    drop(scope.page, "native.loopscope", recorded("print('from a file')", tmp_path))
    if later == "an edit":
        scope.program.press("End")
        scope.page.keyboard.type("  # more")
    elif later == "an example":
        scope.page.get_by_role("button", name="Examples").click()
        scope.page.get_by_role("menuitemradio").last.click()
    elif later == "a new program":
        scope.page.get_by_role("button", name=re.compile(": your programs")).click()
        scope.page.get_by_role("button", name="New program").click()
    else:
        scope.page.evaluate("hash => { location.hash = hash }", link("print('from a link')"))
        expect(scope.program).to_have_text("print('from a link')")
    wanted = scope.text()
    assert wanted != "print('before')"
    scope.page.evaluate("letGo()")
    expect(scope.page.get_by_text("native.loopscope came after you had gone on")).to_be_visible()
    assert scope.text() == wanted


def test_of_files_asked_for_one_after_another_the_last_one_is_opened(
    open_page: OpenPage, tmp_path: Path
) -> None:
    scope = at_page(open_page())
    scope.write("print('before')")
    scope.page.evaluate(SLOW_DISK)
    drop(scope.page, "first.loopscope", recorded("print('first')", tmp_path))
    drop(scope.page, "second.loopscope", recorded("print('second')", tmp_path))
    scope.page.evaluate("letGo()")
    scope.expect_output("second")
    expect(scope.page.get_by_text("second.loopscope is on the page")).to_be_visible()


def test_a_trace_of_an_address_that_comes_late_leaves_what_runs_meanwhile_alone(
    open_page: OpenPage, tmp_path: Path
) -> None:
    data = recorded("print('from an address')", tmp_path)
    page = open_page()
    held: list[Route] = []
    # Not the page, whose address names it, too.
    slow = re.compile(r"^[^?]*/slow\.loopscope$")
    page.route(slow, lambda route: held.append(route))
    python = HeldPython(page)
    with page.expect_request(slow):
        page.goto("/?trace=/slow.loopscope", wait_until="commit")
    scope = Scope(page)
    expect(scope.program).to_contain_text("import asyncio")
    # The program waits for Python.
    scope.press_run()
    held[0].fulfill(body=data, content_type="application/octet-stream")
    expect(page.get_by_text("slow.loopscope came after you had gone on")).to_be_visible()
    assert scope.text().strip() == PROGRAM.strip()
    python.let_go()
    expect(scope.status).to_have_text(re.compile("^Finished"), timeout=PATIENCE)
    scope.expect_output(*LINES)
