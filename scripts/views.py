"""The main views, as programs and what is done with them: what `npm run screenshot` shows in docs/."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

THIRTY = """\
import asyncio
import random


async def worker(queue, connections):
    while (job := await queue.get()) is not None:
        async with connections:
            await asyncio.sleep(0.01 + random.random() / 50)
        queue.task_done()


async def feed(queue):
    for job in range(120):
        await queue.put(job)
        if job % 12 == 0:
            await asyncio.sleep(0.02)
    for _ in range(28):
        await queue.put(None)


async def main():
    random.seed(4)
    queue = asyncio.Queue(16)
    connections = asyncio.Semaphore(9)
    async with asyncio.TaskGroup() as group:
        group.create_task(feed(queue), name='feed')
        for n in range(28):
            group.create_task(worker(queue, connections), name=f'worker-{n}')


asyncio.run(main())
"""

PATH = """\
import asyncio


async def load(name, seconds):
    await asyncio.sleep(seconds)
    return name


async def page(order):
    user, settings = await asyncio.gather(load('user', 0.02), load('settings', 0.035))
    order.put_nowait((user, settings))


async def render(order):
    await order.get()
    await asyncio.sleep(0.015)


async def main():
    order = asyncio.Queue()
    async with asyncio.timeout(1), asyncio.TaskGroup() as group:
        group.create_task(page(order), name='page')
        group.create_task(render(order), name='render')
        group.create_task(load('fonts', 0.03), name='fonts')


asyncio.run(main())
"""

MANY = """\
import asyncio
import random


async def request(n):
    await asyncio.sleep(random.random() * 20)
    for _ in range(random.randrange(1, 6)):
        await asyncio.sleep(random.expovariate(4))


async def main():
    random.seed(1)
    await asyncio.gather(*(request(n) for n in range(10_000)))
    print('done')


asyncio.run(main())
"""


def address(program: str) -> str:
    """The permalink's fragment of a program."""
    data = zlib.compress(json.dumps({"code": program}).encode())
    return "/#p1=" + base64.urlsafe_b64encode(data).decode().rstrip("=")


def run(page: Page) -> None:
    """Press Run and wait for the end."""
    expect(page.get_by_role("status").filter(has_text="Ready").first).to_be_visible(timeout=90_000)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Finished").first).to_be_visible(timeout=240_000)
    whole(page)


def press(page: Page, key: str, times: int) -> None:
    """Press a key so slowly that everything follows: how far the program is scrolled depends on the way."""
    for _ in range(times):
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        page.keyboard.press(key)


def whole(page: Page) -> None:
    """Wait until the timeline's picture is complete."""
    canvas = page.get_by_role("region", name="Timeline").get_by_role("img", name="Timeline of")
    expect(canvas).to_have_attribute("aria-busy", "false", timeout=60_000)


def first(page: Page) -> None:
    """What a visitor sees first."""
    page.goto("/")
    expect(page.get_by_role("status").filter(has_text="Ready").first).to_be_visible(timeout=90_000)
    whole(page)


def thirty(page: Page) -> None:
    """A program of 30 tasks, one of its waits selected."""
    page.goto(address(THIRTY))
    run(page)
    page.get_by_role("row", name="worker-3").click()
    press(page, "ArrowRight", 5)


def many(page: Page) -> None:
    """10,000 tasks, those that live within a window of the run."""
    page.goto(address(MANY))
    run(page)
    canvas = page.get_by_role("region", name="Timeline")
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.4)
    page.keyboard.down("Control")
    for _ in range(9):
        page.mouse.wheel(0, -60)
    page.keyboard.up("Control")
    page.wait_for_timeout(400)
    whole(page)


def travel(page: Page) -> None:
    """A moment of a run: its line, its ready queue, its timers, its locks."""
    page.goto(address(THIRTY))
    run(page)
    page.get_by_role("tab", name="State at t").click()
    page.get_by_role("row", name="worker-3").click()
    press(page, "t", 9)
    whole(page)


def critical(page: Page) -> None:
    """The critical path: told link by link, and drawn on the timeline."""
    page.goto(address(PATH))
    run(page)
    page.get_by_role("tab", name="Findings").click()
    page.get_by_role("checkbox", name="Show on the timeline").check()
    whole(page)


def comparison(page: Page) -> None:
    """Two runs of a program side by side: what is longer, and where they part."""
    page.goto(address(PATH))
    run(page)
    choose(page, "Keep this run")
    page.goto(address(PATH.replace("0.035", "0.01")))
    run(page)
    page.get_by_role("button", name="Dismiss").click()
    choose(page, "Compare with the kept run")


def choose(page: Page, item: str) -> None:
    """Something of the Trace menu."""
    page.get_by_role("button", name="Trace", exact=True).click()
    page.get_by_role("menuitem", name=item).click()


@dataclass(frozen=True)
class View:
    """A view's picture and how it comes about."""

    name: str
    show: Callable[[Page], None]


VIEWS = (
    View("first-view", first),
    View("thirty-tasks", thirty),
    View("ten-thousand-tasks", many),
    View("time-travel", travel),
    View("critical-path", critical),
    View("comparison", comparison),
)
