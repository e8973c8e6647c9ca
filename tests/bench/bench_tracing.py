"""What tracing costs: runs traced and untraced, and on Pyodide's own loop, in turns."""

from __future__ import annotations

from functools import partial
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .lab import ENGINES, figure, interleave, laboratory, print_rates, print_ratio
    from .workloads import HANDOVERS, SWITCHES
else:
    from lab import ENGINES, figure, interleave, laboratory, print_rates, print_ratio
    from workloads import HANDOVERS, SWITCHES

ROUNDS = 5


def main() -> None:
    with laboratory() as bench:
        worker = bench.worker()
        for workload in (SWITCHES, HANDOVERS):
            name = workload.name
            took = interleave(ROUNDS, ENGINES, partial(worker.run, source=workload.source))
            print_rates(name, workload.operations, took)
            print_ratio(f"{name}, a traced run costs the untraced one", took["traced"], took["untraced"])
            print_ratio(f"{name}, WebLoop untraced costs the traced one", took["webloop"], took["traced"])
            sent = median(one.sent for one in took["traced"])
            figure(f"{name}, trace of each operation", sent / workload.operations, "bytes")


if __name__ == "__main__":
    main()
