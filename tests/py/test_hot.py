"""The compiled form of the hot path is made from the sources that are there, and writes what the Python form writes."""

import base64
import re
import shutil
from pathlib import Path

import compile_hot
import pytest
from conformance import ordering
from engines import ROOT, run_in_pyodide
from loopscope.analysis.trace import Trace
from loopscope.protocol import How, Kind, Row

UNLIKE = {
    # Debug mode keeps ten frames, and the Python form has one more.
    "debug_tracebacks",
}
EXAMPLES = sorted((ROOT / "web/examples").glob("*.py"))

RECORD = """\
import base64, loopscope
from loopscope import accelerator
accelerator.switched_off = {off}
assert (accelerator.load() is None) == {off}
result = [base64.b64encode(loopscope.record(source)[0]).decode() for source in {sources!r}]
"""


def test_the_library_is_made_from_the_sources_that_are_there() -> None:
    assert compile_hot.source_hash().encode() in compile_hot.TARGET.read_bytes(), "npm run generate:hot"


@pytest.mark.skipif(not shutil.which(compile_hot.CLANG), reason="needs Clang; the hash above tells the same")
def test_compiling_again_gives_the_same_library(tmp_path: Path) -> None:
    compile_hot.compile_hot(tmp_path / "again.so")
    assert (tmp_path / "again.so").read_bytes() == compile_hot.TARGET.read_bytes()


def test_both_forms_write_the_same_trace() -> None:
    sources = {name: ordering.source(name) for name in ordering.names() if name not in UNLIKE}
    sources |= {path.stem: path.read_text(encoding="utf-8") for path in EXAMPLES}
    compiled, python = (
        # An interpreter each: task names and ids go on where the program before stopped.
        [plain(Trace.read(base64.b64decode(text))) for text in traces_of(list(sources.values()), off)]
        for off in (False, True)
    )
    for name, a, b in zip(sources, compiled, python, strict=True):
        assert a == b, name


BUSY = """\
import asyncio
from loopscope import accelerator
from loopscope.clock import RealClock, VirtualClock
from loopscope.loop import installed, loop_class
from loopscope.session import ThreadHost

class Host(ThreadHost):
    breaths = 0
    def breathe(self):
        self.breaths += 1

async def main():
    loop = asyncio.get_running_loop()
    while host.breaths < 3:
        await asyncio.sleep(0)
    timer = loop.call_later(0.001, print)
    while host.breaths < 6:
        await asyncio.sleep(0)
    timer.cancel()
    return type(loop._selector).select.__qualname__

result = []
for clock in (VirtualClock(), RealClock()):
    host = Host()
    with installed(loop_class(clock, host)):
        result.append(asyncio.run(main()))
"""


def test_a_busy_loop_on_the_compiled_selector_lets_its_host_in() -> None:
    assert run_in_pyodide([BUSY]) == [["Selector.select"] * 2]


def traces_of(sources: list[str], off: bool) -> list[str]:
    answer = run_in_pyodide([RECORD.format(off=off, sources=sources)])[0]
    assert isinstance(answer, list)
    return answer


def plain(trace: Trace) -> list[tuple[object, ...]]:
    """The events without the ids of sites, chains and strings, which are given in order of asking."""

    def place(number: int) -> object:
        site = trace.sites.get(number)
        return site and (trace.codes[site.code][0], site.line, site.column, site.end_line, site.end_column)

    def chain(number: int) -> object:
        sites, kind, label = trace.chains.get(number, ([], "", ""))
        return [place(site) for site in sites], kind, label

    return [
        (
            *(row.t, row.end, row.ready, row.kind, row.how, row.flags, row.subject, row.by, place(row.site)),
            *(row.via, row.waits, chain(row.chain), row.ready_seq, told_in(trace, row)),
        )
        for row in trace.rows
    ]


def told_in(trace: Trace, row: Row) -> object:
    """What `aux` is: text where it numbers one."""
    return row.aux if row.kind is Kind.STATE or (row.how is How.SUSPENDED) else settled(trace.text(row.aux))


def settled(text: str) -> str:
    """Text without addresses, and without the frame that runs a handle: asyncio's, or in Python's form the tracer's."""
    text = re.sub(r"0x[0-9a-f]+", "0x", text)
    text = re.sub(r"\w+Loop\.call_soon", "call_soon", text)  # asyncio's is a BaseEventLoop's
    return re.sub(r'  File "[^"]*", line \d+, in _run\n(    .*\n)*', "", text)
