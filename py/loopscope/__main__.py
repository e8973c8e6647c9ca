"""The command line: ``python -m loopscope record program.py -o run.loopscope``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from .analysis.narration import narrate
from .analysis.trace import Trace
from .protocol import How, Kind, unpack_frames
from .record import record_file
from .tracefile import SUFFIX, TraceFileError, unpack


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments say; the exit code is the recorded program's."""
    parser = argparse.ArgumentParser("loopscope", description="See what asyncio's event loop did.")
    commands = parser.add_subparsers(dest="command", required=True)
    record = commands.add_parser("record", help="run a program and write its trace to a file")
    record.add_argument("program", type=Path)
    record.add_argument("-o", "--output", type=Path, help=f"the file to write; default: PROGRAM{SUFFIX}")
    record.add_argument("--clock", choices=("virtual", "real"), default="virtual", help="default: virtual")
    record.add_argument("--seed", type=int, default=0, help="of random numbers under the virtual clock")
    record.add_argument("--variables", action="store_true", help="record local variables of suspended tasks")
    record.usage = "loopscope record [options] program [-- arguments of the program]"
    tell = commands.add_parser("tell", help="tell a recorded run in words")
    tell.add_argument("trace", type=Path)
    given = sys.argv[1:] if arguments is None else arguments
    end = given.index("--") if "--" in given else len(given)
    options = parser.parse_args(given[:end], argparse.Namespace(arguments=given[end + 1 :]))
    try:
        return _record(options) if options.command == "record" else _tell(options.trace)
    except (OSError, TraceFileError) as error:
        print(f"loopscope: {error}", file=sys.stderr)
        return 1


def _record(options: argparse.Namespace) -> int:
    output = options.output or options.program.with_suffix(SUFFIX)
    source = options.program.read_text(encoding="utf-8")
    stdin = sys.stdin
    data, end = record_file(
        source,
        name=options.program.name,
        argv=tuple(options.arguments),
        clock=options.clock,
        seed=options.seed,
        variables=options.variables,
        heard=_printer(),
        read_line=lambda: stdin.readline(),
    )
    output.write_bytes(data)
    return end.code


def _printer() -> Callable[[bytes], None]:
    """Shows what the program writes, from the frames it is recorded in."""
    streams = {How.STDOUT: sys.stdout, How.STDERR: sys.stderr}
    open_texts: dict[int, How] = {}

    def show(frame: bytes) -> None:
        for meta, rows in unpack_frames(frame):
            open_texts.update((row.aux, row.how) for row in rows if row.kind is Kind.OUTPUT and row.how)
            for number, text in meta.get("strings", ()):
                stream = streams.get(open_texts.get(number, How.ECHO))
                if stream is not None:
                    stream.write(text)
                    stream.flush()

    return show


def _tell(path: Path) -> int:
    file = unpack(path.read_bytes())
    try:
        lines = narrate(Trace.read(file.frames))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise TraceFileError("This trace file is damaged: its events contradict each other.") from error
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
