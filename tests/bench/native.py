"""python native.py < WORKLOADS: run workloads on this Python's own event loop.

WORKLOADS is JSON, {name: source}. Prints JSON, {"python": version, "seconds": {name: [CPU, wall]}}.
"""

from __future__ import annotations

import asyncio
import gc
import json
import platform
import sys
import time
from typing import Any


def run(source: str) -> tuple[float, float]:
    """CPU and wall seconds of one run."""
    names: dict[str, Any] = {}
    exec(source, names)
    gc.collect()
    cpu, wall = time.thread_time(), time.perf_counter()
    asyncio.run(names["main"]())
    return time.thread_time() - cpu, time.perf_counter() - wall


if __name__ == "__main__":
    seconds = {name: run(source) for name, source in json.load(sys.stdin).items()}
    print(json.dumps({"python": platform.python_version(), "seconds": seconds}))
