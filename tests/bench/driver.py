"""Runs one workload in the worker. This text is executed inside Pyodide, beside the site's own loopscope.zip."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from loopscope import browser
from loopscope.clock import RealClock, VirtualClock
from loopscope.loop import installed, loop_class

# The meter stops the worker while the benchmark reads the clocks outside: only what is between the two counts.
BLOCKING = "\nfrom loopscope_meter import begin, end\nbegin()\nresult = asyncio.run(main())\nend()\n"
AWAITING = "\nfrom loopscope_meter import begin, end\nbegin()\nresult = await main()\nend()\n"
TELL = "import json, loopscope_meter\nloopscope_meter.tell(json.dumps(result))\n"


def untraced(js_host: Any, source: str, clock: str) -> None:
    """The workload on our loop without a probe."""
    cls = loop_class(VirtualClock() if clock == "virtual" else RealClock(), browser.BrowserHost(js_host))
    names: dict[str, Any] = {"__name__": "__main__"}
    code = compile(source + BLOCKING + TELL, "main.py", "exec", dont_inherit=True)
    with browser._outside_webloop(), installed(cls):
        exec(code, names)


def traced(js_host: Any, source: str, clock: Any) -> None:
    """The workload as the page runs a program."""
    end = json.loads(browser.run(js_host, source + BLOCKING + TELL, clock, 0))
    if end["problem"] or end["code"]:
        raise RuntimeError(f"the workload failed: {end}")


async def webloop(js_host: Any, source: str, clock: str) -> None:
    """The workload on the loop that Pyodide brings along."""
    from pyodide.code import eval_code_async

    assert type(asyncio.get_running_loop()).__name__ == "WebLoop"
    await eval_code_async(source + AWAITING + TELL, {"__name__": "__main__"}, filename="main.py")
