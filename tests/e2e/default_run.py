"""What is known of the program that the page opens with: how its run is shown, word by word."""

from __future__ import annotations

from pathlib import Path

PROGRAM = (Path(__file__).resolve().parents[2] / "web/examples/default.py").read_text(encoding="utf-8")

# The order in which CPython prints them.
LINES = [
    "Running in foo",
    "Explicit context to bar",
    "Explicit context switch to foo again",
    "Implicit context switch back to bar",
]

ROWS = ["main: 2 steps, finished", "foo: 2 steps, finished", "bar: 2 steps, finished"]

# The run told in words, up to the end of main; asyncio.run's closing of its loop follows.
TOLD = [
    "0.000 s main starts: started by the program at line 21. It creates foo and bar at line 18"
    " and waits for gather at line 18.",
    "0.000 s foo starts: created by main at line 18. It prints “Running in foo” and yields with sleep(0) at line 6.",
    "0.000 s bar starts: created by main at line 18."
    " It prints “Explicit context to bar” and yields with sleep(0) at line 12.",
    "0.000 s foo resumes at line 6: it yielded and took its next turn."
    " It prints “Explicit context switch to foo again” and returns: the task is done.",
    "0.000 s bar resumes at line 12: it yielded and took its next turn."
    " It prints “Implicit context switch back to bar” and returns: the task is done.",
    "0.000 s gather hears that foo ended.",
    "0.000 s gather hears that bar ended.",
    "0.000 s main resumes at line 18: gather is done. It returns: the task is done.",
]

# The same events one by one, as the panel tells them: title, then a line a fact.
FACTS = [
    [
        "main, step 1 of 2",
        "Why now: Started by the program at line 21",
        "Ran: t = 0.000 s",
        "Queue: Ran as soon as it was ready",
        "Starts at: line 16",
        "Does: Creates foo and bar at line 18",
        "Then: Waits for gather at line 18",
        "Next step: At the same instant: gather is done",
    ],
    [
        "foo, step 1 of 2",
        "Why now: Created by main at line 18",
        "Ran: t = 0.000 s",
        "Queue: Ran as soon as it was ready",
        "Starts at: line 4",
        "Prints: “Running in foo”",
        "Then: Yields with sleep(0) at line 6",
        "Next step: At the same instant: it yielded and took its next turn",
    ],
    [
        "bar, step 1 of 2",
        "Why now: Created by main at line 18",
        "Ran: t = 0.000 s",
        "Queue: Stood in the ready queue behind foo",
        "Starts at: line 10",
        "Prints: “Explicit context to bar”",
        "Then: Yields with sleep(0) at line 12",
        "Next step: At the same instant: it yielded and took its next turn",
    ],
    [
        "foo, step 2 of 2",
        "Why now: It yielded and took its next turn",
        "Ran: t = 0.000 s",
        "Queue: Stood in the ready queue behind bar",
        "Resumes at: line 6",
        "Prints: “Explicit context switch to foo again”",
        "Then: Returns: the task is done",
    ],
    [
        "bar, step 2 of 2",
        "Why now: It yielded and took its next turn",
        "Ran: t = 0.000 s",
        "Queue: Stood in the ready queue behind foo",
        "Resumes at: line 12",
        "Prints: “Implicit context switch back to bar”",
        "Then: Returns: the task is done",
    ],
    [
        "gather._done_callback: a callback",
        "What: gather hears that foo ended.",
        "Why now: Woken by foo",
        "Ran: t = 0.000 s",
        "Queue: Stood in the ready queue behind bar",
    ],
    [
        "gather._done_callback: a callback",
        "What: gather hears that bar ended.",
        "Why now: Woken by bar",
        "Ran: t = 0.000 s",
        "Queue: Stood in the ready queue behind gather._done_callback",
    ],
    [
        "main, step 2 of 2",
        "Why now: gather is done",
        "Ran: t = 0.000 s",
        "Queue: Ran as soon as it was ready",
        "Resumes at: line 18",
        "Then: Returns: the task is done",
    ],
]

# The editor's marked lines at each of these moments.
MARKS = [
    [("async def main():", "main starts here"), ("await asyncio.gather(*tasks)", "main waits for gather")],
    [
        ("async def foo():", "foo starts here"),
        ("await asyncio.sleep(0)", "foo yields with sleep(0)"),
        ("await asyncio.gather(*tasks)", "main waits for gather"),
    ],
    [
        ("await asyncio.sleep(0)", "foo is ready to go on, next in line"),
        ("async def bar():", "bar starts here"),
        ("await asyncio.sleep(0)", "bar yields with sleep(0)"),
        ("await asyncio.gather(*tasks)", "main waits for gather"),
    ],
    [
        ("await asyncio.sleep(0)", "foo resumes here, returns: the task is done"),
        ("await asyncio.sleep(0)", "bar is ready to go on, next in line"),
        ("await asyncio.gather(*tasks)", "main waits for gather"),
    ],
    [
        ("await asyncio.sleep(0)", "bar resumes here, returns: the task is done"),
        ("await asyncio.gather(*tasks)", "main waits for gather"),
    ],
    [("await asyncio.gather(*tasks)", "main waits for gather")],
    [("await asyncio.gather(*tasks)", "main is ready to go on, next in line")],
    [("await asyncio.gather(*tasks)", "main resumes here, returns: the task is done")],
]
