"""What the benchmarks share: the built site on its server, a browser, the worker with its meter, medians."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

import chromium
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from serve import DIST, serve

HERE: Final = Path(__file__).resolve().parent
PROC: Final = Path("/proc")

# Lets the worker collect JavaScript's garbage before it measures.
COLLECTABLE: Final = "--js-flags=--expose-gc"

# What the driver calls an engine → what the figures call it.
ENGINES: Final = {"webloop": "WebLoop", "untraced": "untraced", "traced": "traced"}

# The page's side of the worker: keeps what it posts, in order, for whoever asks.
START_WORKER: Final = """\
async ({ urls, driver }) => {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker('/bench/worker.js', { type: 'module' });
  const posted = [];
  let wanted;
  const tell = (message) => {
    if (!wanted) return posted.push(message);
    wanted(message);
    wanted = undefined;
  };
  worker.onmessage = ({ data }) => data.type !== 'batch' && tell(data);
  worker.onerror = (event) => tell({ type: 'broken', message: event.message });
  globalThis.bench = {
    run: (command) => worker.postMessage({ type: 'run', ...command }),
    next: () => (posted.length ? posted.shift() : new Promise((resolve) => { wanted = resolve; })),
    open() {
      Atomics.add(gate, 0, 1);
      Atomics.notify(gate, 0);
    },
  };
  worker.postMessage({ type: 'init', urls, open: gate.buffer, driver });
  return bench.next();
}"""


class Failed(Exception):
    """A benchmark could not be run; the message says why."""


@dataclass(frozen=True)
class Took:
    """What one run of a workload took."""

    wall: float  # seconds
    cpu: float | None  # seconds of the worker's thread; None where the system doesn't tell
    sent: int  # bytes of trace posted to the page
    result: Any  # what its main() returned


class Bench:
    """A browser over the built site, its dist/ copied so that a build meanwhile changes nothing."""

    def __init__(self, browser: Browser, url: str, dist: Path) -> None:
        self.browser = browser
        self.url = url
        self.dist = dist

    def page(self) -> Page:
        """A blank page in a profile of its own."""
        context = self.browser.new_context(base_url=self.url, viewport={"width": 1440, "height": 900})
        context.set_default_timeout(120_000)
        return context.new_page()

    def session(self) -> CDPSession:
        """Chrome's DevTools protocol, the browser's end."""
        return self.browser.new_browser_cdp_session()

    def cpu(self) -> float:
        """CPU seconds of all of the browser's processes so far."""
        session = self.session()
        try:
            return sum(float(p["cpuTime"]) for p in processes(session))
        finally:
            session.detach()

    def worker(self) -> Worker:
        """A worker in a page with nothing else on it."""
        page = self.page()
        page.goto("/bench/")
        return Worker(self, page)


class Worker:
    """The benchmarks' worker (worker.mjs), one interpreter."""

    def __init__(self, bench: Bench, page: Page) -> None:
        self.page = page
        urls = {
            "python": f"/{only(bench.dist, 'runtime/*/pyodide.js')}",
            "core": f"/{only(bench.dist, 'runtime/*/pyodide.asm.wasm')}",
            "rest": f"/{only(bench.dist, 'runtime/*/rest.wasm')}",
            "stdlib": f"/{only(bench.dist, 'runtime/*/stdlib.zip')}",
            "loopscope": f"/{only(bench.dist, 'assets/loopscope-*.zip')}",
        }
        urls = {name: bench.url + path for name, path in urls.items()}
        driver = (HERE / "driver.py").read_text(encoding="utf-8")
        self.python: str = self._expect(
            page.evaluate(START_WORKER, {"urls": urls, "driver": driver}), "ready"
        )["python"]
        self._thread = find_thread(bench, "DedicatedWorker")

    def run(self, engine: str, source: str, clock: str = "virtual", setup: str = "") -> Took:
        """Run a workload's source on `webloop`, `untraced` or `traced` (driver.py)."""
        command = {"engine": engine, "source": source, "clock": clock, "setup": setup}
        self.page.evaluate("(command) => bench.run(command)", command)
        self._expect(self._next(), "mark")
        before = self._cpu()
        self.page.evaluate("bench.open()")
        end = self._expect(self._next(), "mark")
        after = self._cpu()
        self.page.evaluate("bench.open()")
        told = self._expect(self._next(), "told")
        self._expect(self._next(), "done")
        cpu = None if before is None or after is None else after - before
        return Took(end["wall"] / 1000, cpu, end["bytes"], told["result"])

    def _next(self) -> Any:
        return self.page.evaluate("bench.next()")

    @staticmethod
    def _expect(message: Any, kind: str) -> Any:
        if message["type"] != kind:
            raise Failed(f"the worker said {message} and not {kind}")
        return message

    def _cpu(self) -> float | None:
        if self._thread is None:
            return None
        return int((self._thread / "schedstat").read_text().split()[0]) / 1e9


@contextmanager
def laboratory() -> Iterator[Bench]:
    """Serve the built site with the benchmarks' worker beside it, and start a browser."""
    if not (DIST / "index.html").is_file():
        raise Failed("dist/ holds no site to measure. Build it first: npm run build")
    with tempfile.TemporaryDirectory(prefix="loopscope-bench-") as folder:
        dist = Path(folder) / "dist"
        shutil.copytree(DIST, dist)
        subprocess.run(["node", HERE / "bundle.mjs", dist / "bench"], check=True, cwd=HERE)
        (dist / "bench/index.html").write_text("<!doctype html><title>Benchmark</title>")
        with serve(dist) as site, sync_playwright() as playwright:
            browser = chromium.launch(playwright, extra=[COLLECTABLE])
            try:
                yield Bench(browser, site.url, dist)
            finally:
                browser.close()


def only(dist: Path, pattern: str) -> str:
    """The one path below the site that a pattern finds."""
    found = [path.relative_to(dist).as_posix() for path in dist.glob(pattern)]
    if len(found) != 1:
        raise Failed(f"dist/ has {len(found)} of {pattern}, not one. Build it anew: npm run build")
    return found[0]


def processes(session: CDPSession) -> list[dict[str, Any]]:
    """The browser's processes: `id`, `type`, `cpuTime`."""
    found: list[dict[str, Any]] = session.send("SystemInfo.getProcessInfo")["processInfo"]
    return found


def find_thread(bench: Bench, name: str) -> Path | None:
    """The folder in /proc of the one renderer thread of that name; None where the kernel counts no CPU for us."""
    if not (PROC / "self/schedstat").is_file():
        return None
    session = bench.session()
    renderers = [process["id"] for process in processes(session) if process["type"] == "renderer"]
    session.detach()
    found = []
    for thread in (path for number in renderers for path in (PROC / str(number) / "task").glob("*")):
        with suppress(OSError):  # it may have ended
            if (thread / "comm").read_text().startswith(name):
                found.append(thread)
    if len(found) > 1:
        raise Failed(f"{len(found)} threads are called {name}: which one is meant?")
    return found[0] if found else None


Rounds = dict[str, list[Took]]


def interleave(rounds: int, peers: Iterable[str], run: Callable[[str], Took]) -> Rounds:
    """Run the peers in turns, each round in another order; the first, a warm-up, doesn't count."""
    names = list(peers)
    took: Rounds = {name: [] for name in names}
    for k in range(rounds + 1):
        for name in names[k % len(names) :] + names[: k % len(names)]:
            one = run(name)
            if k:
                took[name].append(one)
    return took


def seconds(took: list[Took], of: str) -> list[float] | None:
    """The rounds' `cpu` or `wall` seconds; None where that was not measured."""
    values = [getattr(one, of) for one in took]
    return None if None in values else values


def print_rates(title: str, operations: int, took: Rounds) -> None:
    """Operations per second of every peer, by CPU and by wall time."""
    for peer, runs in took.items():
        peer = ENGINES.get(peer, peer)
        for of, word in (("cpu", "CPU"), ("wall", "wall")):
            if values := seconds(runs, of):
                figure(f"{title}, {peer}, {word}", operations / median(values), "per second")


def print_ratio(name: str, above: list[Took], below: list[Took]) -> None:
    """The median of the rounds' ratios of time; and that of the best rounds, which a busy machine disturbs less."""
    for of, word in (("cpu", "CPU"), ("wall", "wall")):
        a, b = seconds(above, of), seconds(below, of)
        if a and b:
            figure(f"{name}, {word}", median(x / y for x, y in zip(a, b, strict=True)), "x")
            if of == "cpu":
                figure(f"{name}, {word}, best rounds", min(a) / min(b), "x")


def figure(name: str, value: float, unit: str) -> None:
    """Print a figure: three digits that mean something."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    print(f"{name}: {value:.{digits}f} {unit}", flush=True)


def native_runs(workloads: Mapping[str, str], rounds: int) -> dict[str, dict[str, list[Took]]]:
    """The workloads on the event loops of the Pythons on PATH: version → name → rounds."""
    here = str(HERE / "native.py")
    found: dict[str, dict[str, list[Took]]] = {}
    for command in ("python3", "python3.14"):
        python = shutil.which(command)
        for _ in range(rounds if python else 0):
            done = subprocess.run(
                [python or "", here],
                input=json.dumps(dict(workloads)),
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                print(f"{command} does not run: {done.stderr.strip().splitlines()[-1:]}", flush=True)
                break
            told = json.loads(done.stdout)
            table = found.setdefault(f"CPython {told['python']}", {})
            for name, (cpu, wall) in told["seconds"].items():
                table.setdefault(name, []).append(Took(wall, cpu, 0, None))
    return found
