"""The loop: operations per second against Pyodide's own loop and native CPython, and how exact its timers are."""

from __future__ import annotations

from functools import partial
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .lab import ENGINES, figure, interleave, laboratory, native_runs, print_rates, print_ratio
    from .workloads import WORKLOADS, timer_errors
else:
    from lab import ENGINES, figure, interleave, laboratory, native_runs, print_rates, print_ratio
    from workloads import WORKLOADS, timer_errors

ROUNDS = 5
NATIVE_ROUNDS = 3


def main() -> None:
    native = native_runs({w.name: w.source for w in WORKLOADS}, NATIVE_ROUNDS)
    with laboratory() as bench:
        worker = bench.worker()
        print(f"Pyodide's CPython is {worker.python}.", flush=True)
        for workload in WORKLOADS:
            # Timers only compare where they really wait.
            clock = "real" if workload.name == "timers" else "virtual"
            took = interleave(ROUNDS, ENGINES, partial(worker.run, source=workload.source, clock=clock))
            print_rates(workload.name, workload.operations, took)
            for version, table in native.items():
                print_rates(workload.name, workload.operations, {version: table[workload.name]})
            print_ratio(f"{workload.name}, untraced to WebLoop", took["webloop"], took["untraced"])
            print_ratio(f"{workload.name}, traced to WebLoop", took["webloop"], took["traced"])
            print_ratio(f"{workload.name}, traced to untraced", took["untraced"], took["traced"])
        for delay, times in ((0.001, 60), (0.050, 10)):
            workload = timer_errors(delay, times)
            took = interleave(3, ENGINES, partial(worker.run, source=workload.source, clock="real"))
            for engine, runs in took.items():
                late = [error for one in runs for error in one.result]
                figure(f"{workload.name}, {ENGINES[engine]}", median(map(abs, late)) * 1000, "ms")


if __name__ == "__main__":
    main()
