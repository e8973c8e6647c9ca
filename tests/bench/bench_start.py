"""From navigation to the end of the first run, against a page that does nothing but load Pyodide and print.

Both pages are visited in turns: with an empty cache and again with a full one, on this machine's own speed and at
20 Mbit/s with 40 ms of latency. The connection is slowed down in the server: so it is for workers and frames as well.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

import chromium
import serve
from playwright.sync_api import Browser, BrowserContext, sync_playwright

if TYPE_CHECKING:
    from .lab import figure
    from .line import Line, measured_line
else:
    from lab import figure
    from line import Line, measured_line

HERE: Final = Path(__file__).resolve().parent
ROUNDS: Final = 5
STOPS: Final = 7

# Presses Run as soon as there is a Run, and tells when the run has finished.
RUN_AT_ONCE: Final = """
new MutationObserver((_, observer) => {
  const run = [...document.querySelectorAll('button')].find((one) => one.textContent.trim() === 'Run');
  if (run && !window.pressed && !run.disabled) { window.pressed = performance.now(); run.click(); }
  const status = document.querySelector('[role=status]')?.textContent ?? '';
  if (status.startsWith('Finished')) { window.finished = performance.now(); observer.disconnect(); }
}).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
"""
# Types, again and again, until it is seen.
TYPE_AT_ONCE: Final = """
const type = () => {
  const editor = document.querySelector('[role=textbox][aria-label=Program], .cm-content');
  if (editor) {
    editor.focus();
    document.execCommand('insertText', false, '#');
    if (editor.textContent.includes('#')) { window.finished = performance.now(); return; }
  }
  setTimeout(type, 5);
};
type();
"""
# When what a script waits for has come. Evaluated by itself: what Playwright waits with, the site's policy forbids.
FINISHED: Final = """new Promise((done, fail) => {
  const look = () => (window.finished ? done(window.finished) : setTimeout(look, 20));
  look();
  setTimeout(() => fail(new Error(`${location} has not finished within two minutes`)), 120_000);
})"""
# Presses Stop, then Run; the milliseconds between Stop and the next program's start.
STOP_AND_RUN: Final = """() => new Promise((done) => {
  const button = (name) => [...document.querySelectorAll('button')].find((one) => one.textContent.trim() === name);
  const status = document.querySelector('[role=status]');
  let stopped = false;
  const begin = performance.now();
  new MutationObserver((_, observer) => {
    const text = status.textContent;
    if (!stopped && text.startsWith('Stopped')) { stopped = true; button('Run').click(); }
    else if (stopped && text.startsWith('Running')) { observer.disconnect(); done(performance.now() - begin); }
  }).observe(status, { subtree: true, childList: true, characterData: true });
  button('Stop').click();
})"""
ENDLESS: Final = {
    "a program that waits": "import asyncio\nasyncio.run(asyncio.Event().wait())\n",
    "a busy program": "while True:\n    pass\n",
    "a program that must be killed": (
        "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass\n"
    ),
}


def visit(context: BrowserContext, url: str, script: str = "") -> float:
    """Open a page of its own; milliseconds from navigation to what the script waits for."""
    page = context.new_page()
    if script:
        page.add_init_script(script)
    page.goto(url, wait_until="commit")
    took = float(page.evaluate(FINISHED))
    page.close()
    return took


def stops(browser: Browser, url: str) -> None:
    """From Stop to the next program's start."""
    page = browser.new_context(base_url=url).new_page()
    page.goto("/")
    page.get_by_role("status").filter(has_text="Ready").wait_for(timeout=120_000)
    for name, program in ENDLESS.items():
        page.get_by_role("textbox", name="Program").focus()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.insert_text(program)
        page.get_by_role("button", name="Run", exact=True).click()
        took = []
        for _ in range(STOPS):
            page.wait_for_timeout(2000)
            took.append(float(page.evaluate(STOP_AND_RUN)))
        page.get_by_role("button", name="Stop", exact=True).click()
        page.get_by_role("status").filter(has_text="Stopped").wait_for()
        figure(f"Stop to the next run, {name}", median(took), "ms")
    page.context.close()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="loopscope-bench-") as folder:
        dist = Path(folder) / "dist"
        shutil.copytree(serve.DIST, dist)
        bare = dist / "runtime/bare"
        bare.mkdir(parents=True)
        subprocess.run(["node", HERE / "bare.mjs", bare], check=True)
        with measured_line(dist) as line, sync_playwright() as playwright:
            browser = chromium.launch(playwright)
            peers = {"bare": (f"{line.url}/runtime/bare/", ""), "loopscope": (f"{line.url}/", RUN_AT_ONCE)}
            measure(browser, line, peers)
            stops(browser, line.url)
            browser.close()


def measure(browser: Browser, line: Line, peers: dict[str, tuple[str, str]]) -> None:
    """Visit the peers in turns, and print."""
    firsts: list[float] = []
    for slow in (False, True):
        line.slow = slow
        took: dict[str, list[float]] = {}
        sent: dict[str, list[float]] = {}
        rounds = ROUNDS if not slow else 3
        for k in range(rounds + 1):  # the first, a warm-up, doesn't count
            names = list(peers)
            for name in names if k % 2 else reversed(names):
                url, script = peers[name]
                context: Any = browser.new_context()
                line.sent = 0
                cold = visit(context, url, script)
                over = line.sent
                time.sleep(0.5)
                warm = visit(context, url, script)
                context.close()
                if k:
                    took.setdefault(f"{name} cold", []).append(cold)
                    took.setdefault(f"{name} warm", []).append(warm)
                    sent.setdefault(name, []).append(over)
            if not slow and k:
                context = browser.new_context()
                firsts.append(visit(context, peers["loopscope"][0], TYPE_AT_ONCE))
                context.close()
        speed = "20 Mbit/s and 40 ms" if slow else "unthrottled"
        for cache in ("cold", "warm"):
            ours, theirs = took[f"loopscope {cache}"], took[f"bare {cache}"]
            figure(f"first run finished, {cache}, {speed}, bare", median(theirs) / 1000, "s")
            figure(f"first run finished, {cache}, {speed}, Loopscope", median(ours) / 1000, "s")
            ratio = median(a / b for a, b in zip(ours, theirs, strict=True))
            figure(f"first run finished, {cache}, {speed}, to bare", ratio, "x")
        if not slow:
            for name in peers:
                figure(f"bytes before the first run's end, {name}", median(sent[name]) / 1e6, "MB")
            figure("typing works", median(firsts) / 1000, "s")
            ratio = median(a / b for a, b in zip(firsts, took["bare cold"], strict=True))
            figure("typing works, to bare's first run", ratio, "x")


if __name__ == "__main__":
    main()
