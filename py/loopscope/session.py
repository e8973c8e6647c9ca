"""Wiring: one run of a program on a loop of our own, traced."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Final, Literal

from .analysis.critical import critical_path
from .analysis.findings import Finding, deadlock, failure, findings, lost
from .analysis.trace import Trace
from .clock import RealClock, VirtualClock, perf_counter
from .errors import in_words
from .loop import installed, loop_class
from .network import Network
from .order import creation_order
from .parking import Host, NothingWillHappen
from .primitives import watched
from .program import Exit, Problem, run_program
from .protocol import ROW, How, Kind, pack_frame
from .requirements import reaches_javascript
from .tracer import SET_ORDER, Tracer
from .virtual import virtual_time

ANALYSED: Final = 16_000_000  # bytes of trace that are analysed; a quarter of a million events

TOO_LONG: Final = Finding(
    "check-failed",
    "This run is too long to be checked",
    "It has more events than Loopscope keeps for its checks, so nothing was looked for in it.",
    "What is shown of the run is true; that no finding is told here does not say that there is none.",
    "A shorter run of the same program is checked: fewer rounds, fewer tasks.",
)


class ThreadHost:
    """A host for native CPython and for where nothing but the loop itself can happen."""

    rested = True

    def __init__(self) -> None:
        self._woken = False

    def park(self, timeout: float | None) -> bool:
        from .virtual import real_sleep

        if self._woken:
            self._woken = False
            return True
        if timeout is None:
            raise NothingWillHappen("every task waits, and nothing can wake one")
        real_sleep(timeout)
        return False

    def breathe(self) -> None:
        pass

    def wake(self) -> None:
        self._woken = True


def analysed(data: bytes, source: str) -> tuple[list[Finding], list[tuple[float, float, int, int, str]]]:
    """Findings and critical path of a trace, see protocol.META."""
    found: list[Finding] = []
    try:
        trace = Trace.read(data)
        found = findings(trace, source)
        return found, [
            (link.begin, link.end, link.task, link.event, link.text) for link in critical_path(trace)
        ]
    except Exception as error:
        return [*found, failure("the analysis", error)], []


class Session:
    """Runs one program. ``tracer`` is there while it runs: a host may ask it for a sign of life."""

    def __init__(
        self,
        send: Callable[[bytes], None],
        host: Host | None = None,
        clock: Literal["virtual", "real"] = "virtual",
        seed: int = 0,
        pace: float = 0.0,
        bases: tuple[type, ...] = (),
        cpu: Callable[[], float] = perf_counter,
        network: Network | None = None,
        variables: bool = False,
    ) -> None:
        """``pace``: virtual seconds in a real one, 0 for as fast as it goes; without effect on the real clock.

        ``bases`` are mixed into the loop's class: what a host adds to it. ``network``: latency and bandwidth of
        connections between the program's own tasks; both may be changed while it runs. ``variables``: those of
        suspended tasks are recorded, which takes its time.
        """
        self.network = network or Network()
        self.bases = bases
        self.pace = pace if clock == "virtual" else 0.0
        self.clock: Any = VirtualClock() if clock == "virtual" else RealClock()
        self.host: Host = host or ThreadHost()
        self.seed = seed
        self._send = send
        self._frames: list[bytes] | None = []
        self._kept = 0
        self.tracer = Tracer(self.clock, self._keep, cpu)
        if variables:
            self.tracer.record_variables()
        self.tracer.places.stop_at(run_program.__code__)  # what lies below it is not the program's doing

    def _keep(self, frame: bytes) -> None:
        """Send a frame, and keep it for the analysis while there is room."""
        self._send(frame)
        self._kept += len(frame)
        if self._frames is not None:
            self._frames.append(frame)
            if self._kept > ANALYSED:
                self._frames = None

    def run(
        self,
        source: str,
        argv: tuple[str, ...] = (),
        read_line: Callable[[], str] = lambda: "",
    ) -> Exit:
        """Run ``source``; its trace goes to ``send``, how it ended is returned. Raises nothing of the program's."""
        tracer = self.tracer
        cls = loop_class(self.clock, self.host, tracer, self.pace, self.bases, self.network)
        cls.foreign = reaches_javascript(source)
        with ExitStack() as stack:
            stack.enter_context(installed(cls))
            if self.clock.virtual:
                stack.enter_context(virtual_time(self.clock, self.seed))
                stack.enter_context(creation_order(lambda: tracer.note(SET_ORDER)))
            stack.enter_context(watched(tracer))
            end = run_program(source, tracer.output, argv, self._echoing(read_line))
        if end.problem is not None and end.problem.type == NothingWillHappen.__name__:
            end = Exit(How.STOPPED, 1, end.problem)
        self.tell(end)
        return end

    def tell(self, end: Exit) -> None:
        """Send the last event, whatever the program left of the tracer."""
        word = Kind.EXIT | end.how << 8
        try:
            self.tracer.row(word, aux=end.code)
            self.tracer.flush()
        except Exception as error:
            row = ROW.pack(*(0.0,) * 4, word, *(0,) * 7, end.code)
            self._keep(pack_frame({"problem": in_words(error)}, row))

    def analyse(self, source: str) -> None:
        """Send the run's findings and its critical path, as a last frame.

        It never fails: what could not be analysed is told among the findings.
        """
        kept = self._frames
        found, path = analysed(b"".join(kept), source) if kept is not None else ([TOO_LONG], [])
        try:
            frame = pack_frame({"findings": [finding.data() for finding in found], "path": path}, b"")
        except Exception as error:  # no finding that could be told
            frame = pack_frame({"findings": [failure("the analysis", error).data()], "path": []}, b"")
        self._send(frame)

    def tell_deadlock(self, source: str) -> None:
        """Send what a program waits for that nothing can wake, while it does."""
        if self._frames is None:
            return
        trace = Trace.read(b"".join(self._frames))
        found = [*deadlock.check(trace, source), *lost.check(trace, source)]
        self._send(pack_frame({"findings": [finding.data() for finding in found]}, b""))

    def refuse(self, problem: Problem) -> Exit:
        """A run that is over before it began: ``problem`` is told as an error of the program's."""
        self.tracer.output(How.STDERR, problem.text)
        end = Exit(How.FAILED, 1, problem)
        self.tracer.row(Kind.EXIT | end.how << 8, aux=end.code)
        self.tracer.flush()
        return end

    def stopped(self) -> Exit:
        """A run that was stopped before it began."""
        end = Exit(How.STOPPED, 130)
        self.tracer.row(Kind.EXIT | end.how << 8, aux=end.code)
        self.tracer.flush()
        return end

    def _echoing(self, read_line: Callable[[], str]) -> Callable[[], str]:
        def read() -> str:
            line = read_line()
            self.tracer.output(How.ECHO, line)
            return line

        return read
