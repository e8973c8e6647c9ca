"""The page: traces of up to a million events, opened and streaming; frames while they are panned and zoomed."""

from __future__ import annotations

import base64
import json
import zlib
from statistics import median
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page

if TYPE_CHECKING:
    from .lab import HERE, Bench, Failed, figure, laboratory
    from .opened import ASKED, bench_opened
    from .workloads import SWITCHES
else:
    from lab import HERE, Bench, Failed, figure, laboratory
    from opened import ASKED, bench_opened
    from workloads import SWITCHES

ROUNDS = 5
TIMELINE = "[role=region][aria-label=Timeline]"

# Wheel events, one a frame: [how many, options]. Ctrl+wheel zooms at the pointer, a sideways wheel pans.
ZOOM = [
    [50, {"ctrlKey": True, "deltaY": -20}],
    [50, {"ctrlKey": True, "deltaY": 20}],
]
APPROACH = [[25, {"ctrlKey": True, "deltaY": -20}]]
PAN = [[50, {"deltaX": 40}], [50, {"deltaX": -40}]]
RETREAT = [[25, {"ctrlKey": True, "deltaY": 20}]]

# Whose run lasts as long as is needed.
WAITS = "import asyncio\n\nasyncio.run(asyncio.sleep(1000))\n"

Report = dict[str, Any]


def link(source: str) -> str:
    """The permalink's fragment of a workload."""
    return fragment(source + "\n\nasyncio.run(main())\n")


def fragment(code: str, clock: str = "virtual") -> str:
    """The permalink's fragment of a program."""
    data = zlib.compress(json.dumps({"code": code, "clock": clock}).encode())
    return "#p1=" + base64.urlsafe_b64encode(data).decode().rstrip("=")


def open_program(bench: Bench, source: str) -> Page:
    """The site with a program in its editor, Python loaded."""
    page = bench.page()
    page.add_init_script(path=HERE / "page.js")
    page.goto(f"/{link(source)}")
    page.evaluate("bench.until('Ready')")
    return page


def report(page: Page, begin: float, end: float) -> Report:
    """What bench.report() tells of the time between two moments."""
    found: Report = page.evaluate("([begin, end]) => bench.report(begin, end)", [begin, end])
    return found


def idle(page: Page) -> Report:
    """The page while nothing happens: what frames of this machine are like at this moment."""
    begin = page.evaluate("bench.now()")
    return report(page, begin, page.evaluate("bench.wait(1000).then(bench.now)"))


def stream(page: Page) -> Report:
    """Press Run and watch until the program has ended."""
    before = report(page, 0, 0)["batches"]
    page.get_by_role("button", name="Run").click()
    begin = page.evaluate("bench.until('Running', 'Finished', 'Failed')")
    end = page.evaluate("bench.until('Finished', 'Failed', 'Stopped')")
    found = report(page, begin, page.evaluate("bench.wait(300).then(bench.now)"))
    if not found["status"].startswith("Finished"):
        raise Failed(f"the program ended with {found['status']!r}")
    found["seconds"] = (end - begin) / 1000
    found["batches"] = {name: value - before[name] for name, value in found["batches"].items()}
    return found


def wheel(bench: Bench, page: Page, moves: list[list[Any]]) -> Report:
    """Frames while the wheel turns over the timeline, and all of the browser's CPU meanwhile."""
    before = bench.cpu()
    begin, end = page.evaluate("([at, moves]) => bench.wheel(at, moves)", [TIMELINE, moves])
    found = report(page, begin, end)
    found["cpu"] = (bench.cpu() - before) * 1000 / max(1, len(found["frames"]))
    return found


def print_frames(name: str, rounds: list[Report]) -> None:
    """Medians over the rounds of their median, 95th percentile and worst frame; long tasks."""
    ordered = [sorted(one["frames"]) for one in rounds]
    figure(f"{name}, frame median", median(f[len(f) // 2] for f in ordered), "ms")
    figure(f"{name}, frame p95", median(f[len(f) * 95 // 100] for f in ordered), "ms")
    figure(f"{name}, worst frame", median(f[-1] for f in ordered), "ms")
    figure(f"{name}, worst frame of all rounds", max(f[-1] for f in ordered), "ms")
    figure(f"{name}, long tasks", median(len(one["longTasks"]) for one in rounds), "tasks")
    figure(f"{name}, longest task", max((t for one in rounds for t in one["longTasks"]), default=0), "ms")
    if "cpu" in rounds[0]:
        figure(f"{name}, CPU a frame of all processes", median(one["cpu"] for one in rounds), "ms")


def bench_frames(bench: Bench) -> None:
    page = open_program(bench, SWITCHES.source)
    rounds: dict[str, list[Report]] = {"idle": [], "streaming": [], "zoom": [], "pan": []}
    for k in range(ROUNDS + 1):
        page.evaluate("bench.wait(1500)")  # the next interpreter is loading
        took = {"idle": idle(page), "streaming": stream(page)}
        page.evaluate("bench.wait(2500)")
        took["zoom"] = wheel(bench, page, ZOOM)
        wheel(bench, page, APPROACH)
        took["pan"] = wheel(bench, page, PAN)
        wheel(bench, page, RETREAT)
        for name, one in took.items():
            if k:
                rounds[name].append(one)
    streams = rounds["streaming"]
    rows = streams[0]["batches"]["rows"]
    figure("streaming, events", rows, "events")
    figure("streaming, time from Running to Finished", median(s["seconds"] for s in streams), "s")
    figure(
        "streaming, rate", median(s["batches"]["rows"] / s["seconds"] for s in streams), "events per second"
    )
    figure("streaming, batches", median(s["batches"]["count"] for s in streams), "batches")
    figure(
        "streaming, taking in",
        median(s["batches"]["ms"] / s["batches"]["rows"] for s in streams) * 1000,
        "us an event",
    )
    for name, reports in rounds.items():
        print_frames(name, reports)
    page.context.close()


def bench_memory(bench: Bench) -> None:
    """The page's heap and array buffers with a long trace, against the same page before its run."""
    page = open_program(bench, SWITCHES.source.replace("10_000", "100_000"))
    session = page.context.new_cdp_session(page)

    def used() -> float:
        session.send("HeapProfiler.collectGarbage")
        usage = session.send("Runtime.getHeapUsage")
        return sum(float(usage.get(k, 0)) for k in ("usedSize", "embedderHeapUsedSize", "backingStorageSize"))

    before = used()
    took = stream(page)
    rows = took["batches"]["rows"]
    figure("long trace, events", rows, "events")
    figure("long trace, time from Running to Finished", took["seconds"], "s")
    print_frames("long trace, streaming", [took])
    figure("long trace, memory of an event in the page", (used() - before) / rows, "bytes")
    print_frames("long trace, zoom", [wheel(bench, page, ZOOM)])
    wheel(bench, page, APPROACH)
    print_frames("long trace, pan", [wheel(bench, page, PAN)])
    page.context.close()


def main() -> None:
    with laboratory() as bench:
        bench_opened(bench, fragment(WAITS, "real"))
        if ASKED:
            return
        bench_frames(bench)
        bench_memory(bench)


if __name__ == "__main__":
    main()
