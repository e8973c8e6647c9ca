"""Whether the page answers while a program asks for too much: the longest that its main thread lets anybody wait.

A timer of 10 ms tells: how late it is at worst is how long a click would have waited. Two peers are measured in turns
with the programs: the page at rest, and beside a program that keeps a processor busy and tells nothing. On a machine
that is busy with other things all of them wait.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any, Final

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


def waits(bench: Bench, code: str) -> tuple[list[float], str]:
    """How late the timer was while a program ran and was stopped, ms; and how the program ended."""
    page = open_program(bench, code)
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
    end = page.get_by_role("status").inner_text()
    page.context.close()
    return late, end


def pasted(bench: Bench) -> list[float]:
    """The same while a program of five million characters is pasted."""
    page = open_program(bench, "")
    page.get_by_role("textbox", name="Program").focus()
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
    return late


def main() -> None:
    with laboratory() as bench:
        worst: dict[str, list[float]] = {}
        cases: dict[str, Any] = {**PEERS, **PROGRAMS}
        for _ in range(ROUNDS):
            for name, code in cases.items():
                late, end = waits(bench, code)
                worst.setdefault(name, []).append(max(late))
                print(f"({name} ended with “{end}”: {max(late):.0f} ms)", flush=True)
            worst.setdefault("a program of five million characters", []).append(max(pasted(bench)))
        rest = min(worst["beside a busy program"])
        for name, found in worst.items():
            figure(f"longest wait, {name}", median(found), "ms")
            # The better round: what the machine did besides is less in it.
            figure(f"longest wait, {name}, better round", min(found), "ms")
        for name in PROGRAMS:
            figure(f"longest wait, {name}, to beside a busy program", min(worst[name]) / rest, "x")


if __name__ == "__main__":
    main()
