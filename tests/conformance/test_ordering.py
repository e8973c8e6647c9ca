"""Programs about order print in Pyodide what native CPython 3.14 printed, traced and untraced."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from conformance import ordering
from conformance.servers import Native, Pyodide, Server

WAYS = {"traced": (True, "virtual"), "untraced": (False, "virtual")}


@pytest.fixture(scope="module")
def pyodide() -> Iterator[Server]:
    server = Pyodide()
    yield server
    server.close()


@pytest.fixture(scope="module")
def native() -> Iterator[Server]:
    server = Native()
    yield server
    server.close()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ordering.names())
def test_in_pyodide(name: str, way: str, pyodide: Pyodide) -> None:
    pyodide.ask(ordering.source(name), "loopscope", *WAYS[way])
    assert ordering.told(pyodide.take()) == ordering.expected(name)


@pytest.mark.skipif(sys.version_info < (3, 14), reason="recorded with CPython 3.14")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ordering.names())
def test_natively(name: str, way: str, native: Native) -> None:
    native.ask(ordering.source(name), "loopscope", *WAYS[way])
    assert ordering.told(native.take()) == ordering.expected(name)
