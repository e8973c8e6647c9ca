"""Find out which functions of Pyodide's core programs run, and write scripts/python/core/first.txt: those come first.

    npm run generate:core

The examples and some other programs run in the built site, with the core as Pyodide ships it. Chromium compiles a
function when it is called first, and its trace tells which. To be run when Pyodide is another one; the result is
committed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import chromium
from playwright.sync_api import Browser, expect, sync_playwright
from serve import DIST, serve

ROOT: Final = Path(__file__).resolve().parents[1]
CORE: Final = ROOT / "node_modules/pyodide/pyodide.asm.wasm"
LIST: Final = ROOT / "scripts/python/core/first.txt"
WIDTH: Final = 110
# Milliseconds until a program is stopped.
PAUSE: Final = 500

# What beginners' programs do beside asyncio, and how they fail.
PROGRAMS: Final = (
    """\
import asyncio, collections, dataclasses, enum, functools, itertools, math, random, re, string, textwrap, time

@dataclasses.dataclass(order=True, frozen=True)
class Point:
    x: int
    y: float = 0.5

class Colour(enum.Enum):
    RED = "red"

@functools.lru_cache
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

def numbers():
    try:
        yield from range(3)
    finally:
        print("over")

async def main():
    words = "the quick brown fox".split()
    print(sorted(words, key=len, reverse=True), {w: len(w) for w in words}, {*words} & {"fox"})
    print(words[1:-1], tuple(words))
    print(f"{math.pi:.3f} {10**20:,} {0.1 + 0.2!r} {7 // 2} {-7 % 3} {2**0.5:>10.2e} {255:#x} {1j * 1j}", True & False)
    print(re.sub(r"(\\w+) (\\w+)", r"\\2 \\1", "hello world"), "é".encode(), b"\\xff".hex())
    print(int("42"), float("1e3"), str(None))
    print(Point(1), Point(2) > Point(1), Colour.RED, fibonacci(30), list(numbers()))
    print(collections.Counter("banana").most_common(1))
    print(list(zip(words, itertools.count())), any(words), sum(range(10)), min(3, 1))
    print(round(2.5), abs(-1), divmod(7, 2), "x" * 3)
    print(textwrap.dedent(" a"), string.ascii_letters, time.monotonic() > 0, random.random() < 1)
    print(random.choice(words), hash("a"))
    match Point(1, 2):
        case Point(x=1, y=y) if y > 1:
            print("matched", y)
    try:
        async with asyncio.timeout(0.01), asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(1))
            group.create_task(asyncio.sleep(2), name="two")
    except* TimeoutError as group:
        print(group)
    except TimeoutError:
        print("late")
    queue = asyncio.PriorityQueue(2)
    await queue.put((1, "a"))
    print(await queue.get(), isinstance(queue, object), callable(print), getattr(queue, "x", 3))
    results = await asyncio.gather(*(asyncio.to_thread(len, words) for _ in range(0)), return_exceptions=True)
    print(results, [*map(str.upper, words)], "-".join(filter(None, words)), bytes(3))
    print(bytearray(b"x"), memoryview(b"abc")[1])

asyncio.run(main())
""",
    """\
import asyncio

async def fail():
    await asyncio.sleep(0)
    raise ValueError("no") from KeyError("why")

async def main():
    try:
        await fail()
    except ValueError as error:
        print(repr(error), error.__cause__)
    task = asyncio.create_task(fail())
    task.add_done_callback(lambda task: print(task))
    await task

asyncio.run(main())
""",
    "import asyncio\n\nasync def main():\n    await asyncio.sleep(1\n\nasyncio.run(main())\n",
    "import asyncio\n\nasync def main():\n    print(undefined)\n\nasyncio.run(main())\n",
    "print('no loop')\nprint(1 / 0)\n",
    "import asyncio\n\nasync def main():\n    await asyncio.Event().wait()\n\nasyncio.run(main())\n",
    "import asyncio, wave\nprint(wave.__name__)\n",
    """\
import asyncio, importlib

async def main():
    importlib.invalidate_caches()
    await asyncio.sleep(0)
    print(__import__("wa" + "ve").__name__)

asyncio.run(main())
""",
)

# They run until Stop is pressed.
STOPPED: Final = (
    """\
import asyncio

async def main():
    loop = asyncio.get_running_loop()
    loop.call_later(0.1, print, "later")
    try:
        async with asyncio.Lock():
            await asyncio.sleep(1000)
    finally:
        await asyncio.sleep(0.1)
        print("over")

asyncio.run(main())
""",
    "while True:\n    pass\n",
    "try:\n    while True:\n        pass\nexcept KeyboardInterrupt:\n    print('over')\n",
)


def link(code: str, clock: str, variables: bool = False) -> str:
    data = zlib.compress(json.dumps({"code": code, "clock": clock, "variables": variables}).encode())
    return "#p1=" + base64.urlsafe_b64encode(data).decode().rstrip("=")


def visits() -> Iterator[tuple[str, bool]]:
    """Addresses of programs that are run, and whether they have to be stopped."""
    examples = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "web/examples").glob("*.py"))]
    some = (examples[0], *PROGRAMS[:2])
    yield "/", False
    for code in (*examples, *PROGRAMS):
        yield "/" + link(code, "virtual"), False
    for code in some:
        yield "/" + link(code, "real"), False
        yield "/" + link(code, "virtual", variables=True), False
        for way in ("jspi", "shared"):
            yield f"/?without={way}" + link(code, "virtual"), False
    for code in STOPPED:
        yield "/" + link(code, "real"), True
        yield "/?without=jspi" + link(code, "real"), True


def ran(browser: Browser, url: str, folder: Path, stopped: bool) -> set[int]:
    """The functions that were compiled while the program of an address ran."""
    trace = folder / "trace.json"
    page = browser.new_context().new_page()
    browser.start_tracing(path=trace, categories=["disabled-by-default-v8.wasm.detailed"])
    page.goto(url)
    page.get_by_role("button", name="Run", exact=True).click()
    if stopped:
        expect(page.get_by_role("status")).to_have_text(re.compile("^Running"), timeout=60_000)
        page.wait_for_timeout(PAUSE)
        page.get_by_role("button", name="Stop", exact=True).click()
    ended = page.get_by_role("status").filter(has_text=re.compile("^(Finished|Failed|Stopped)|deadlock"))
    ended.first.wait_for(timeout=60_000)
    browser.stop_tracing()
    page.context.close()
    events = json.loads(trace.read_text(encoding="utf-8"))["traceEvents"]
    return {int(event["args"]["func_index"]) for event in events if event["name"] == "wasm.CompileLazy"}


def whole_core(folder: Path) -> Path:
    """A copy of the site with the core that Pyodide ships."""
    dist = folder / "dist"
    shutil.copytree(DIST, dist)
    (core,) = dist.glob("runtime/*/pyodide.asm.wasm")
    core.with_name(core.name + ".br").unlink(missing_ok=True)
    core.unlink()
    shutil.copy(CORE, core)
    return dist


def written(functions: set[int]) -> str:
    """The list as first.mjs reads it."""
    core = CORE.read_bytes()
    key = hashlib.sha256(f"{len(core)}:".encode() + core).hexdigest()[:16]
    lines = [f"# Functions of Pyodide's core that come first, see first.mjs; the core: {key}", ""]
    for index in sorted(functions):
        if len(lines[-1]) > WIDTH:
            lines.append("")
        lines[-1] += f" {index}" if lines[-1] else str(index)
    return "\n".join(lines) + "\n"


def main() -> None:
    found: set[int] = set()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        with serve(whole_core(folder)) as site:
            browser = chromium.launch(playwright)
            for address, stopped in visits():
                before = len(found)
                found |= ran(browser, site.url + address, folder, stopped)
                print(f"{len(found)} functions ({len(found) - before} new): {address[:60]}", flush=True)
    LIST.write_text(written(found), encoding="utf-8")


if __name__ == "__main__":
    main()
