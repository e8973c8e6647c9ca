"""Traces of many events opened from files, in the built page and in a peer: first picture, memory, frames, instants."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page

if TYPE_CHECKING:
    from .lab import HERE, Bench, Failed, figure
    from .peer import serve_peer
else:
    from lab import HERE, Bench, Failed, figure
    from peer import serve_peer

# Events, tasks. And those that were asked for: `npm run bench -- timeline --sizes 1000000x100`.
SIZES = (
    (10_000, 100),
    (100_000, 100),
    (1_000_000, 100),
    (10_000, 10_000),
    (100_000, 10_000),
    (1_000_000, 10_000),
)
ASKED = [
    (int(events), int(tasks))
    for events, _, tasks in (
        size.partition("x") for size in os.environ.get("LOOPSCOPE_BENCH_SIZES", "").split(",") if size
    )
]
# Events a second that stream in.
RATE = 200_000
TIMELINE = "[role=region][aria-label=Timeline]"

# Wheel events, one a frame: [how many, options]. Ctrl+wheel zooms at the pointer, a sideways wheel pans.
ZOOM: list[list[Any]] = [
    [60, {"ctrlKey": True, "deltaY": -20}],
    [60, {"ctrlKey": True, "deltaY": 20}],
]
APPROACH: list[list[Any]] = [[25, {"ctrlKey": True, "deltaY": -20}]]
PAN: list[list[Any]] = [[60, {"deltaX": 40}], [60, {"deltaX": -40}]]

# Resolves with the time of the first frame in which the whole picture is there.
DRAWN = """(tasks) => new Promise((resolve) => {
  const look = (now) => {
    const canvas = document.querySelector('canvas[role=img]');
    const whole = canvas?.getAttribute('aria-label')?.startsWith(`Timeline of ${tasks} tasks`);
    if (whole && canvas.getAttribute('aria-busy') !== 'true') resolve(now);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""

# Resolves with the time at which a file is chosen.
CHOSEN = """() => {
  globalThis.chosen = new Promise((resolve) => {
    addEventListener('change', () => resolve(performance.now()), { capture: true, once: true });
  });
}"""

# The same of the peer: the first frame with tracks, kindly without waiting for what they show.
PEER_DRAWN = """() => new Promise((resolve) => {
  const look = (now) => {
    if (document.querySelectorAll('.pf-track').length > 8) resolve(now);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""


def memory(bench: Bench, page: Page) -> float:
    """Bytes of the page's heap and array buffers."""
    session = page.context.new_cdp_session(page)
    try:
        session.send("HeapProfiler.collectGarbage")
        usage = session.send("Runtime.getHeapUsage")
    finally:
        session.detach()
    return sum(float(usage.get(key, 0)) for key in ("usedSize", "backingStorageSize"))


def frames(name: str, page: Page, target: str, moves: list[list[Any]]) -> float:
    """Turn the wheel over an element, one event a frame; returns the 95th percentile of the frames."""
    begin, end = page.evaluate("([at, moves]) => bench.wheel(at, moves)", [target, moves])
    lengths = sorted(page.evaluate("([a, b]) => bench.report(a, b).frames", [begin, end]))
    p95 = float(lengths[len(lengths) * 95 // 100])
    figure(f"{name}, frame median", lengths[len(lengths) // 2], "ms")
    figure(f"{name}, frame p95", p95, "ms")
    figure(f"{name}, worst frame", lengths[-1], "ms")
    return p95


def ours(bench: Bench, name: str, trace: Path, events: int, tasks: int) -> tuple[float, float]:
    """Open a file in the built page; the milliseconds to its whole picture and the 95th percentile of zoom frames."""
    page = bench.page()
    page.add_init_script(path=HERE / "page.js")
    page.goto("/")
    page.evaluate("bench.until('Ready')")
    # Python's library comes two seconds after Python is ready: it is no part of a trace's memory. By then the page has
    # rehearsed, too, as for everybody who doesn't choose a file at once; the collection takes back part of that.
    page.evaluate("bench.wait(4000)")
    before = memory(bench, page)
    page.evaluate(CHOSEN)
    page.evaluate(f"(tasks) => {{ globalThis.drawn = ({DRAWN})(tasks); }}", tasks)
    page.get_by_label("Trace file", exact=True).set_input_files(trace)
    took: float = page.evaluate("Promise.all([drawn, chosen]).then(([end, begin]) => end - begin)")
    figure(f"{name}, our file", trace.stat().st_size / 1e6, "MB")
    figure(f"{name}, file to whole picture", took, "ms")
    page.evaluate("bench.wait(500)")
    figure(f"{name}, memory of an event", (memory(bench, page) - before) / events, "bytes")
    p95 = frames(f"{name}, zoom", page, TIMELINE, ZOOM)
    page.evaluate("([at, moves]) => bench.wheel(at, moves)", [TIMELINE, APPROACH])
    frames(f"{name}, pan", page, TIMELINE, PAN)
    page.context.close()
    return took, p95


def peers(bench: Bench, name: str, address: str, trace: Path) -> tuple[float, float]:
    """The same in Perfetto UI."""
    page = bench.page()
    page.set_default_timeout(400_000)
    page.add_init_script(path=HERE / "page.js")
    page.goto(f"{address}/#!/flags")
    page.evaluate("bench.wait(1500)")
    before = memory(bench, page)
    begin = page.evaluate(
        "(url) => { const now = performance.now(); location.hash = '#!/?url=' + encodeURIComponent(url); return now; }",
        f"{address}/traces/{trace.name}",
    )
    took: float = page.evaluate(PEER_DRAWN) - begin
    figure(f"{name}, file to first tracks", took, "ms")
    page.evaluate("bench.wait(1500)")
    figure(
        f"{name}, memory of its page, its engine's not counted", (memory(bench, page) - before) / 1e6, "MB"
    )
    p95 = frames(f"{name}, zoom", page, ".pf-viewer-page, .pf-timeline-page, main", ZOOM)
    page.evaluate(
        "([at, moves]) => bench.wheel(at, moves)", [".pf-viewer-page, .pf-timeline-page, main", APPROACH]
    )
    frames(f"{name}, pan", page, ".pf-viewer-page, .pf-timeline-page, main", PAN)
    page.context.close()
    return took, p95


def store(bench: Bench, name: str, trace: Path, events: int) -> None:
    """The store alone, without a picture: how fast it takes events in, and how fast it tells of an instant."""
    target = bench.dist / "bench/trace.bin"
    target.unlink(missing_ok=True)
    target.hardlink_to(trace)
    page = bench.page()
    page.goto("/bench/")
    found = page.evaluate("import('/bench/store.js').then((store) => store.measure('/bench/trace.bin'))")
    figure(f"{name}, taken in", events / found["append"] / 1000, "million events per second")
    figure(f"{name}, indexed for drawing", events / found["index"] / 1000, "million events per second")
    figure(f"{name}, store of an event", found["bytes"] / events, "bytes")
    instants = sorted(found["instants"])
    figure(f"{name}, read ahead for instants, in idle moments", found["ahead"], "ms")
    figure(f"{name}, an instant, first one", found["first"], "ms")
    figure(f"{name}, an instant, median", instants[len(instants) // 2], "ms")
    figure(f"{name}, an instant, p95", instants[len(instants) * 95 // 100], "ms")
    page.context.close()


def streaming(bench: Bench, name: str, trace: Path, link: str) -> None:
    """The same events while they stream into the page, which draws them and follows."""
    (bench.dist / "bench/stream.bin").unlink(missing_ok=True)
    (bench.dist / "bench/stream.bin").hardlink_to(trace)
    page = bench.page()
    page.add_init_script(path=HERE / "page.js")
    page.goto(f"/{link}")
    page.evaluate("bench.until('Ready')")
    page.evaluate("bench.wait(4000)")
    page.evaluate("(rate) => { globalThis.fed = bench.feed('/bench/stream.bin', rate); }", RATE)
    page.evaluate("bench.wait(500)")
    page.get_by_role("button", name="Run", exact=True).click()
    begin, end = page.evaluate("fed")
    page.evaluate("bench.wait(300)")
    found = page.evaluate("([a, b]) => bench.report(a, b)", [begin, end])
    lengths = sorted(found["frames"])
    figure(f"{name}, streaming, rate", found["batches"]["rows"] / (end - begin) * 1000, "events per second")
    figure(f"{name}, streaming, frame median", lengths[len(lengths) // 2], "ms")
    figure(f"{name}, streaming, frame p95", lengths[len(lengths) * 95 // 100], "ms")
    figure(f"{name}, streaming, worst frame", lengths[-1], "ms")
    figure(f"{name}, streaming, frames over 50 ms", sum(length > 50.5 for length in lengths), "frames")
    figure(f"{name}, streaming, longest task", max(found["longTasks"], default=0), "ms")
    each = found["batches"]["ms"] / found["batches"]["rows"] * 1000
    figure(f"{name}, streaming, taking in", each, "us an event")
    page.context.close()


def bench_opened(bench: Bench, waiting: str) -> None:
    """Every size, in turns with the peer over the same events. `waiting`: the link of a program that waits for long."""
    with (
        tempfile.TemporaryDirectory(prefix="loopscope-traces-", dir=bench.dist.parent) as folder,
        serve_peer(Path(folder)) as address,
    ):
        for events, tasks in ASKED or SIZES:
            title = f"{events:,} events on {tasks:,} tasks".replace(",", " ")
            trace, json = Path(folder) / "trace.lst", Path(folder) / "trace.json"
            file = Path(folder) / "trace.loopscope"
            for script, *arguments in (
                ("traces.mjs", events, tasks, trace, json),
                ("pack.mjs", trace, file),
            ):
                if subprocess.run(["node", HERE / script, *map(str, arguments)]).returncode:
                    raise Failed("the trace could not be written")
            took, p95 = ours(bench, title, file, events, tasks)
            store(bench, title, trace, events)
            streaming(bench, title, trace, waiting)
            for written in (trace, file):
                written.unlink()
            # Tasks that are made and never run: the peer has nothing to draw.
            if events <= tasks:
                print(f"{title}, Perfetto UI: no tracks", flush=True)
                json.unlink()
                continue
            peer_took, peer_p95 = peers(bench, f"{title}, Perfetto UI", address, json)
            figure(f"{title}, first picture sooner than Perfetto UI's", peer_took / took, "x")
            figure(f"{title}, zoom p95 of Perfetto UI to ours", peer_p95 / p95, "x")
            json.unlink()
