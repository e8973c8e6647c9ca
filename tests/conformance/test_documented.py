"""Programs after the examples of CPython's asyncio documentation print what it says, under the virtual clock."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conformance.ordering import told
from conformance.servers import Native, Pyodide

FOLDER = Path(__file__).resolve().parent / "documented"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py"))
# What a native Python before that version prints otherwise.
SINCE = {"never_retrieved": (3, 13), "barrier_states": (3, 11)}


@pytest.fixture(scope="module", params=["native", "Pyodide"])
def server(request: pytest.FixtureRequest) -> Iterator[Native | Pyodide]:
    server = Native() if request.param == "native" else Pyodide()
    yield server
    server.close()


@pytest.mark.parametrize("name", NAMES)
def test_prints_what_is_documented(name: str, server: Native | Pyodide) -> None:
    if isinstance(server, Native) and sys.version_info < SINCE.get(name, (3, 11)):
        pytest.skip(f"told otherwise before CPython {SINCE[name]}")
    server.ask((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
    assert told(server.take()) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
