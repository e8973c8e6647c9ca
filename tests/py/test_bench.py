"""The benchmarks' lines are read as figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import parse_figure, run_bench


@pytest.mark.parametrize(
    ("line", "figure"),
    [
        ("switches: 1234.5 per second\n", ("switches", 1234.5, "per second")),
        ("traced, ratio to WebLoop: 7.2 x", ("traced, ratio to WebLoop", 7.2, "x")),
        ("events: 1_000_000 events", ("events", 1_000_000, "events")),
        ("events: 1,000 events", ("events", 1000, "events")),
        ("error: -2e-5 s", ("error", -2e-5, "s")),
        ("no figure here", None),
        ("warming up: soon", None),
        ("unit missing: 3", None),
    ],
)
def test_parse_figure(line: str, figure: tuple[str, float, str] | None) -> None:
    assert parse_figure(line) == figure


def test_a_benchmark_is_run_and_its_failure_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "bench_x.py"
    script.write_text("import serve\nprint('hello')\nprint('speed: 2 x')\nraise SystemExit(3)")
    assert run_bench(script) == ({"speed": {"value": 2.0, "unit": "x"}}, 3)
    assert capfd.readouterr().out == "hello\nspeed: 2 x\n"
