"""Whether the page answers while a program asks for too much: the longest that its main thread lets anybody wait.

A timer of 10 ms tells: how late it is at worst is how long a click would have waited. Two peers are measured in turns
with the programs: the page at rest, and beside a program that keeps a processor busy and tells nothing. On a machine
that is busy with other things all of them wait, so the CPU time of the longest task of the main thread is measured
beside it: that is what the page itself takes at one go, on whatever machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from playwright.sync_api import Page

if TYPE_CHECKING:
    from .bench_timeline import fragment
    from .lab import HERE, Bench, figure, laboratory
else:
    from bench_timeline import fragment
    from lab import HERE, Bench, figure, laboratory

ROUNDS: Final = 2
SECONDS: Final = 4.0

METER: Final = """(() => {
  const EVERY = 10;
  let late = [];
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    late.push(Math.max(now - last - EVERY, 0));
    last = now;
  }, EVERY);
  globalThis.meter = {
    begin() {
      late = [];
      last = performance.now();
    },
    /** How late the timer was, ms, since begin(). */
    end: () => late.concat(performance.now() - last),
  };
})();"""

FLOOD: Final = (
    "import js\nfrom pyodide.ffi import to_js\n"
    "message = to_js({'type': 'ask'}, dict_converter=js.Object.fromEntries)\n"
    "while True:\n    js.postMessage(message)\n"
)

PEERS: Final = {"at rest": "", "beside a busy program": "while True: pass\n"}
PROGRAMS: Final = {
    "a flood of lines": "while True:\n    print('a line of a flood that has no end')\n",
    "a flood of long lines": "line = 'x' * 100_000\nwhile True:\n    print(line)\n",
    "a flood without ends of lines": "while True:\n    print('x', end='')\n",
    "10 million events": (
        "import asyncio\nasync def main():\n    for _ in range(10_000_000):\n        await asyncio.sleep(0)\n"
        "asyncio.run(main())\n"
    ),
    "a bomb of tasks": (
        "import asyncio\ntasks = set()\nasync def bomb():\n    while True:\n"
        "        tasks.add(asyncio.create_task(bomb()))\n        await asyncio.sleep(0)\nasyncio.run(bomb())\n"
    ),
    "10 000 tasks that wait and print": (
        "import asyncio\nasync def one(n):\n    while True:\n"
        "        await asyncio.sleep(n % 10 / 10)\n        print(n)\n"
        "async def main():\n    await asyncio.gather(*map(one, range(10_000)))\nasyncio.run(main())\n"
    ),
    "a deadlock of 5 000 tasks": (
        "import asyncio\nasync def main():\n    locks = [asyncio.Lock() for _ in range(5000)]\n"
        "    async def one(n):\n        async with locks[n]:\n            await asyncio.sleep(1)\n"
        "            async with locks[(n + 1) % 5000]:\n                pass\n"
        "    await asyncio.gather(*map(one, range(5000)))\nasyncio.run(main())\n"
    ),
    "names of ten million characters": (
        "import asyncio\nasync def main():\n    while True:\n"
        "        await asyncio.create_task(asyncio.sleep(0), name='n' * 10_000_000)\nasyncio.run(main())\n"
    ),
    "ten billion zeros": "[0] * 10**10\n",
    "all memory there is": "eaten = []\nwhile True:\n    eaten.append(bytearray(50_000_000))\n",
    "a deep recursion": "def deeper(n):\n    return deeper(n + 1)\ndeeper(0)\n",
    "a traceback of a million lines": "raise ValueError('line\\n' * 1_000_000)\n",
    "a flood of messages": FLOOD,
}


def open_program(bench: Bench, code: str) -> Page:
    """The site with a program in its editor, Python loaded, and its first business done."""
    page = bench.page()
    page.add_init_script(path=HERE / "page.js")
    page.add_init_script(METER)
    page.goto(f"/{fragment(code or 'pass')}")
    page.evaluate("bench.until('Ready')")
    page.wait_for_timeout(2500)
    return page


class Waits(NamedTuple):
    """What a program made others wait, ms, and how it ended."""

    late: float  # the latest timer
    task: float  # CPU of the main thread's longest task
    end: str


@contextmanager
def longest_task(bench: Bench, page: Page) -> Iterator[list[float]]:
    """CPU time of the page's longest task of its main thread, ms: in the list afterwards."""
    session = bench.session()
    events: list[dict[str, Any]] = []
    complete: list[Any] = []
    session.on("Tracing.dataCollected", lambda message: events.extend(message["value"]))
    session.on("Tracing.tracingComplete", lambda message: complete.append(message))
    categories = {"includedCategories": ["toplevel", "blink.user_timing"], "excludedCategories": ["*"]}
    session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": categories})
    page.evaluate("performance.mark('the page’s main thread')")
    found: list[float] = []
    yield found
    session.send("Tracing.end")
    while not complete:
        page.wait_for_timeout(20)
    session.detach()
    threads = {(event["pid"], event["tid"]) for event in events if event["name"] == "the page’s main thread"}
    found.append(
        max(
            event.get("tdur", 0) / 1000
            for event in events
            if event["ph"] == "X" and (event["pid"], event["tid"]) in threads
        )
    )


def waits(bench: Bench, code: str) -> Waits:
    """Run a program, stop it, and see who waited."""
    page = open_program(bench, code)
    with longest_task(bench, page) as task:
        page.evaluate("meter.begin()")
        if code:
            page.get_by_role("button", name="Run", exact=True).click()
        page.wait_for_timeout(SECONDS * 1000)
        running = page.get_by_role("status").filter(has_text="Running")
        if running.count():
            page.get_by_role("button", name="Stop", exact=True).click()
            page.get_by_role("status").filter(has_text="Stopped").wait_for()
            page.wait_for_timeout(500)
        late: list[float] = page.evaluate("meter.end()")
    end = page.get_by_role("status").inner_text().replace("\n", "")
    page.context.close()
    return Waits(max(late), task[0], end)


def pasted(bench: Bench) -> Waits:
    """The same while a program of five million characters is pasted."""
    page = open_program(bench, "")
    page.get_by_role("textbox", name="Program").focus()
    with longest_task(bench, page) as task:
        page.evaluate("meter.begin()")
        page.evaluate(
            """() => {
              const data = new DataTransfer();
              data.setData('text/plain', '# a line of a program that is too long\\n'.repeat(125_000));
              document.activeElement.dispatchEvent(
                new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
            }"""
        )
        page.wait_for_timeout(2000)
        late: list[float] = page.evaluate("meter.end()")
    page.context.close()
    return Waits(max(late), task[0], "pasted")


def main() -> None:
    with laboratory() as bench:
        found: dict[str, list[Waits]] = {}
        cases: dict[str, str] = {**PEERS, **PROGRAMS}
        for _ in range(ROUNDS):
            for name, code in cases.items():
                found.setdefault(name, []).append(waits(bench, code))
                print(f"({name} ended with “{found[name][-1].end}”)", flush=True)
            found.setdefault("a program of five million characters", []).append(pasted(bench))
        rest = min(one.late for one in found["beside a busy program"])
        for name, rounds in found.items():
            figure(f"CPU of the longest task, {name}", median(one.task for one in rounds), "ms")
            figure(f"longest wait, {name}", median(one.late for one in rounds), "ms")
            # The better round: what the machine did besides is less in it.
            figure(f"longest wait, {name}, better round", min(one.late for one in rounds), "ms")
        for name in PROGRAMS:
            best = min(one.late for one in found[name])
            figure(f"longest wait, {name}, to beside a busy program", best / rest, "x")


if __name__ == "__main__":
    main()
