"""anyio, from its wheel, runs on the loop: natively and in Pyodide, traced."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import pytest
from conformance.anyio_programs import PROGRAMS
from conformance.servers import Native, Pyodide
from e2e.package_index import download

NEEDED = ("anyio-", "idna-", "typing_extensions-")


@pytest.fixture(scope="module", params=["native", "Pyodide"])
def server(request: pytest.FixtureRequest) -> Iterator[Native | Pyodide]:
    wheels = [wheel for wheel in download() if wheel.name.startswith(NEEDED)]
    assert len(wheels) == len(NEEDED)
    server = Native() if request.param == "native" else Pyodide()
    for wheel in wheels:
        server.install(wheel)
    yield server
    server.close()


@pytest.mark.parametrize("traced", [True, False], ids=["traced", "untraced"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_runs(name: str, traced: bool, server: Native | Pyodide) -> None:
    program, output = map(textwrap.dedent, PROGRAMS[name])
    server.ask(program, "loopscope", traced)
    answer = server.take()
    assert (answer.stdout, answer.stderr, answer.end) == (output.lstrip(), "", "exit 0")
