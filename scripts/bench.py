"""Run the benchmarks: `npm run bench [-- NAME…] [--json FILE]`.

A benchmark is tests/bench/bench_<name>.py, a program that prints `name: value unit` lines, one figure each. Its
lines are passed on as they come, and written to FILE as JSON: {benchmark: {name: {value, unit}}}.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCHES = ROOT / "tests/bench"
FIGURE = re.compile(r"^(?P<name>[^:]+): (?P<value>-?\d[\d_,.]*(?:e[+-]?\d+)?) (?P<unit>\S.*)$")

Figures = dict[str, dict[str, float | str]]


def parse_figure(line: str) -> tuple[str, float, str] | None:
    """The name, value and unit of a line, or None when it is none.

    >>> parse_figure("switches, traced: 1234.5 per second")
    ('switches, traced', 1234.5, 'per second')
    """
    match = FIGURE.match(line.rstrip())
    if not match:
        return None
    return match["name"], float(re.sub("[_,]", "", match["value"])), match["unit"]


def run_bench(script: Path) -> tuple[Figures, int]:
    """Run one benchmark, passing its lines on; its figures and its exit code."""
    paths = [str(ROOT / folder) for folder in ("py", "scripts", "tests")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}
    figures: Figures = {}
    with subprocess.Popen(
        [sys.executable, str(script)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            if figure := parse_figure(line):
                name, value, unit = figure
                figures[name] = {"value": value, "unit": unit}
    return figures, process.returncode


def main() -> int:
    scripts = {path.stem.removeprefix("bench_"): path for path in sorted(BENCHES.glob("bench_*.py"))}
    parser = argparse.ArgumentParser(prog="npm run bench --", description="Run the benchmarks.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(scripts) or 'none yet'}; all if none"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    parser.add_argument(
        "--sizes", metavar="EVENTSxTASKS,…", help="of timeline: only traces of these sizes, as 1000000x100"
    )
    options = parser.parse_args()
    if options.sizes:
        os.environ["LOOPSCOPE_BENCH_SIZES"] = options.sizes
    unknown = [name for name in options.names if name not in scripts]
    if unknown:
        print(
            f"No benchmark is called {', '.join(unknown)}. There are: {', '.join(scripts)}.", file=sys.stderr
        )
        return 2

    results: dict[str, Figures] = {}
    failed = []
    for name in options.names or scripts:
        print(f"\n── {name}", flush=True)
        results[name], code = run_bench(scripts[name])
        if code:
            failed.append(name)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    if failed:
        print(f"\nFailed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
