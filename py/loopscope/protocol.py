"""The wire: what the tracer writes and the page reads. Declared here once.

A trace is a sequence of *frames*; a frame is the unit that is posted to the page and the unit of a trace file:

    offset  bytes  what
    0       4      magic, ``LSF1``
    4       4      length of the meta text in bytes, before padding (uint32, little-endian)
    8       4      number of rows (uint32)
    12      4      protocol version (uint32)
    16      m      meta: UTF-8 JSON, padded with spaces to a multiple of 8
    16+m    64*n   rows

Every row is one event, 64 bytes, little-endian, laid out by ``COLUMNS``. What a column means depends on the event's
kind; ``FIELDS`` tells. A row is written when its event is complete: a step's row comes after the rows of what the step
did. Rows are numbered from 0 in the order of writing; that number is the *event index*.

Meta ships what rows refer to, once, apart from the rows (see ``META``).

Files may have frames whose rows are *packed*, column by column and about half as large, as the page keeps them: what it
opens it need not take in. Their protocol version is 2, and between header and meta they have 8 bytes more:

    16      4      length of the chunks in bytes (uint32)
    20      4      0

Chunks take the place of the rows, ``PACK_ROWS`` rows each; the first row's event index is a multiple of it:

    0       8*15   of each column of ``PACKED`` the least value (float64)
    120     15     of each how wide a cell is, see below
    135     1      0
    136     …      of each the cells, little-endian

    width             cell
    0, 1, 2, 3, 4     so many bytes, unsigned: what it is more than the least value
    ``HALF``          the same in half a byte, the even cell in the low half
    ``SPARSE`` + 1…3  the same in 1 to 3 bytes, the least value being less by one; but 0 is 0
    ``MICRO`` + 1…4   the same in 1 to 4 bytes, in thousands
    8                 a float64, the value itself

Times are nanoseconds there. ``end`` is counted from ``t``, ``ready`` back from ``t``, ``ready_seq`` back from the row's
own index; the word of kind, how and flags is three columns. What a kind doesn't use is 0.

``web/src/protocol/generated.ts`` is generated from this module by ``npm run generate``; a test compares the two.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, NamedTuple

VERSION: Final = 1
PACKED_VERSION: Final = 2
MAGIC: Final = b"LSF1"
HEADER: Final = struct.Struct("<4sIII")
PACKED_HEADER: Final = struct.Struct("<4sIIIII")


class Kind(IntEnum):
    """What an event is. Numbers are stable: a trace file made today opens for ever."""

    STEP = 1  # one step of a task: from being resumed to the next suspension
    CALLBACK = 2  # a handle that is no task step: call_soon, a timer that fired, a done callback
    TASK = 3  # a task was created
    TIMER = 4  # a timer was armed (call_later, call_at)
    TIMER_CANCELLED = 5
    OUTPUT = 6  # the program wrote to stdout or stderr
    IDLE = 7  # the loop waited: nothing was ready
    LOOP = 8  # a loop began or ended to run
    OBJECT = 9  # something that can be waited for was seen for the first time
    EXIT = 10  # the program ended
    CANCEL = 11  # somebody asked a task to cancel
    NOTE = 12  # something about the run that a reader should know
    STATE = 13  # a lock, event, semaphore, barrier or queue was made or changed
    ERROR = 14  # an exception left a task or callback; or somebody looked at it


class How(IntEnum):
    """How an event went: the second byte of the ``kind`` word. 0 where there is nothing to tell."""

    SUSPENDED = 1  # STEP: awaits a future
    YIELDED = 2  # STEP: a bare yield, asyncio.sleep(0): ready again at once
    RETURNED = 3  # STEP: the coroutine returned
    RAISED = 4  # STEP, CALLBACK, ERROR: an exception left it
    CANCELLED = 5  # STEP: the task is cancelled
    INTERRUPTED = 6  # STEP, CALLBACK: KeyboardInterrupt or SystemExit went through the loop
    STDOUT = 7  # OUTPUT
    STDERR = 8  # OUTPUT
    TIMER = 9  # CALLBACK: a timer fired; IDLE: a timer came due
    OUTSIDE = 10  # IDLE: woken from outside the loop; CALLBACK: scheduled from outside
    BEGIN = 11  # LOOP
    END = 12  # LOOP
    FINISHED = 13  # EXIT: end of program, or sys.exit
    FAILED = 14  # EXIT: an exception left the program
    STOPPED = 15  # EXIT: KeyboardInterrupt
    ECHO = 16  # OUTPUT: a line that was typed
    WITHDRAWN = 17  # CANCEL: taken back, by uncancel()
    RETRIEVED = 18  # ERROR: a task's exception was asked for; not told where `await` hands it on
    PART = 19  # ERROR: an exception stands in an exception group
    UNFINISHED = 20  # STATE: of a queue: aux is how many items no task_done() was called for
    # CANCEL: through what the request came. 0: somebody called cancel().
    BY_PARENT = 21  # the task `via` was cancelled while it waited for this one
    BY_GROUP = 22  # the TaskGroup that it is in, because another in it failed
    BY_TIMEOUT = 23  # asyncio.timeout, or wait_for
    BY_GATHER = 24  # a gather that was cancelled
    BY_RUN = 25  # asyncio.run, which cancels what is left when main is done
    BY_STOP = 26  # Ctrl+C, or who pressed Stop; via: what ran at that moment
    BY_CHILD = 27  # its own TaskGroup, because one in it failed: it need not wait any longer
    NOTIFIED = 28  # STATE: of a condition: aux is how many were notified, which may be none
    SHUT = 29  # STATE: a queue was shut down, or a barrier aborted


class Flag(IntEnum):
    """Bits of the third byte of the ``kind`` word."""

    EAGER = 1  # STEP: ran inside the task's creation, before the loop saw it
    LIBRARY = (
        2  # TASK: one of those with which asyncio closes its loop, not asked for by a line of the program
    )
    UNHEARD = 4  # CANCEL: taken back by a timeout that was over, and whose block ended as if it had not been


class Column(NamedTuple):
    """One column of a row: name, struct code, what it holds."""

    name: str
    code: str
    doc: str


COLUMNS: Final = (
    Column("t", "d", "clock at the begin, seconds since the run began"),
    Column("end", "d", "clock at the end, seconds"),
    Column("ready", "d", "clock when the handle was put in the ready queue, seconds"),
    Column("cpu", "f", "time really spent, seconds; the one column that differs between equal runs"),
    Column("kind", "i", "Kind | How << 8 | Flag bits << 16"),
    Column("subject", "i", "id of the task, timer, callback or object the event is about"),
    Column("by", "i", "id of the task, timer or callback that caused it; 0: from outside the loop"),
    Column("site", "i", "site id: the program's line where `by` caused it; 0: unknown"),
    Column("via", "i", "id of the future or task through which the cause came; 0: none"),
    Column("waits", "i", "id of the future or task that is awaited now; 0: none"),
    Column("chain", "i", "chain id: where the subject stands in its await chain; 0: unknown"),
    Column("ready_seq", "i", "event index at which the handle was put in the ready queue"),
    Column("aux", "i", "see FIELDS"),
)
ROW: Final = struct.Struct("<" + "".join(c.code for c in COLUMNS))
ROW_BYTES: Final = ROW.size
# What a column of whole numbers holds.
LEAST: Final = -(1 << 31)
MOST: Final = (1 << 31) - 1
assert ROW_BYTES == 64  # a multiple of 8, so that frames can be read as typed arrays

# Columns of packed rows: first those of times.
PACKED_TIMES: Final = ("t", "end", "ready", "cpu")
PACKED: Final = (
    *PACKED_TIMES,
    *("kind", "how", "flags"),
    *("subject", "by", "site", "via", "waits", "chain", "ready_seq", "aux"),
)
PACK_ROWS: Final = 4096
HALF: Final = 15
SPARSE: Final = 4
MICRO: Final = 8
NANO: Final = 1e9
CHUNK_HEAD: Final = struct.Struct(f"<{len(PACKED)}d{len(PACKED)}Bx")
assert CHUNK_HEAD.size == 136


@dataclass(frozen=True)
class Fields:
    """Which columns a kind uses; ``aux`` says what its aux column holds."""

    uses: tuple[str, ...]
    aux: str = ""


FIELDS: Final[dict[Kind, Fields]] = {
    Kind.STEP: Fields(
        tuple(c.name for c in COLUMNS if c.name != "kind"),
        "RAISED: string id of the exception's name; SUSPENDED: id of the primitive that is waited for, else 0",
    ),
    Kind.CALLBACK: Fields(
        ("t", "end", "ready", "cpu", "subject", "by", "site", "via", "ready_seq", "aux"),
        "string id of the callback's name",
    ),
    Kind.TASK: Fields(("t", "subject", "by", "site", "chain", "aux"), "string id of the task's name"),
    Kind.TIMER: Fields(
        ("t", "end", "subject", "by", "site", "via", "aux"), "string id of the callback's name"
    ),
    Kind.TIMER_CANCELLED: Fields(("t", "subject", "by", "site")),
    Kind.OUTPUT: Fields(("t", "by", "site", "aux"), "string id of the text"),
    Kind.IDLE: Fields(("t", "end")),
    Kind.LOOP: Fields(("t", "subject")),
    Kind.OBJECT: Fields(("t", "subject", "by", "site", "aux"), "string id of the type's name"),
    Kind.EXIT: Fields(("t", "aux"), "exit code"),
    Kind.STATE: Fields(
        ("t", "subject", "by", "site", "aux"),
        "locked or set: 1, else 0; value, count or length, cut to what fits; see How for UNFINISHED, NOTIFIED, SHUT",
    ),
    Kind.NOTE: Fields(("t", "subject", "by", "site", "aux"), "string id of the note, see notes in tracer.py"),
    Kind.CANCEL: Fields(("t", "subject", "by", "site", "via", "aux"), "string id of the message, else 0"),
    # RAISED: subject is what it left, via the exception's id, site where it was raised, chain through which of the
    # program's frames it went since. PART: subject is the group's id, via the id of one in it. RETRIEVED: subject is
    # the task whose exception it is, by and site tell who asked.
    Kind.ERROR: Fields(
        ("t", "subject", "by", "site", "via", "chain", "aux"),
        "RAISED, PART: string id of the exception in words; RETRIEVED: of the library's function that asked, else 0",
    ),
}

META: Final = """\
now:     [t, state, subject, begin]: a sign of life. Clock at the moment of sending; state 0: the loop waits, 1: it runs
         something, 2: it is held before its next handle; id of what runs, or would, and the clock when it began. No
         event: it depends on when the batch was sent
lost:    events that were not recorded so far, because the run has too many
problem: what went wrong in the tracer itself: from there on the trace may lack events
cut:     [lines, characters] of output that were not kept so far
strings: list of [string id, text]; a text of output (id < 0) that is sent again goes on where it stopped
codes:   list of [code id, qualified name, file name, first line, 1 if the program's own else 0]
sites:   list of [site id, code id, line, end line, column, end column]; columns in characters, from 0
objects: list of [object id, type, name, site id where it was made, bound]; name "" where it was bound to none; bound is
         a queue's maxsize, a barrier's parties, a semaphore's first value, else 0
locals:  list of [event, task id, [[function, line, [[name, value], ...]], ...]]: variables of the program's own
         frames of a task, outermost first, when the step at an event index ended, as texts; only where they changed
findings: list of findings about the whole run, see analysis/findings; sent last
path:    the critical path, see analysis/critical.py: list of [begin, end, task id, event, text]; sent with the findings
chains:  list of [chain id, [site id, ...], wait kind, label]; sites outermost first; kind and label as in labels.py,
         both empty where the chain ends in the program's own code
"""


def pack_frame(meta: dict[str, Any], rows: bytes | bytearray | memoryview) -> bytes:
    """One frame. ``rows`` holds whole rows; ``meta`` has the keys of META, empty ones left out."""
    if len(rows) % ROW_BYTES:
        raise ValueError(f"rows: {len(rows)} bytes is no multiple of {ROW_BYTES}")
    text = json.dumps(meta, separators=(",", ":")).encode() if meta else b"{}"
    head = HEADER.pack(MAGIC, len(text), len(rows) // ROW_BYTES, VERSION)
    return b"".join((head, text, b" " * (-len(text) % 8), rows))


class Row(NamedTuple):
    """One event, decoded; columns as in COLUMNS, with the kind word taken apart."""

    t: float
    end: float
    ready: float
    cpu: float
    kind: Kind
    how: How | None
    flags: int
    subject: int
    by: int
    site: int
    via: int
    waits: int
    chain: int
    ready_seq: int
    aux: int


def unpack_frames(data: bytes) -> Iterator[tuple[dict[str, Any], list[Row]]]:
    """The frames of a trace: (meta, rows) of each. Raises ValueError for data that is no whole trace."""
    at = events = 0
    while at < len(data):
        if len(data) - at < HEADER.size:
            raise ValueError("trace ends within a frame's header")
        magic, meta_len, count, version = HEADER.unpack_from(data, at)
        if magic != MAGIC:
            raise ValueError("not a Loopscope trace")
        if version > PACKED_VERSION:
            raise ValueError(f"trace has version {version}; this Loopscope reads up to {PACKED_VERSION}")
        packed = version == PACKED_VERSION
        head = PACKED_HEADER if packed else HEADER
        if len(data) - at < head.size:
            raise ValueError("trace ends within a frame's header")
        start = at + head.size
        body = start + meta_len + (-meta_len % 8)
        stop = body + (PACKED_HEADER.unpack_from(data, at)[4] if packed else count * ROW_BYTES)
        if stop > len(data):
            raise ValueError("trace ends within a frame")
        meta = json.loads(data[start : start + meta_len])
        if not isinstance(meta, dict):
            raise ValueError("trace meta is no object")
        if packed:
            yield meta, list(_unpack_chunks(data[body:stop], events, count))
        else:
            yield meta, [_row(r) for r in ROW.iter_unpack(data[body:stop])]
        at = stop
        events += count


def _row(raw: tuple[Any, ...]) -> Row:
    word = raw[4]
    how = word >> 8 & 0xFF
    return Row._make((*raw[:4], Kind(word & 0xFF), How(how) if how else None, word >> 16 & 0xFF, *raw[5:]))


def _unpack_chunks(data: bytes, event: int, count: int) -> Iterator[Row]:
    """The rows of a frame's chunks, the first of which is an event index."""
    if event % PACK_ROWS or count % PACK_ROWS:
        raise ValueError("packed rows that are no whole chunks")
    at = 0
    for first in range(event, event + count, PACK_ROWS):
        if len(data) - at < CHUNK_HEAD.size:
            raise ValueError("trace ends within a chunk")
        head = CHUNK_HEAD.unpack_from(data, at)
        at += CHUNK_HEAD.size
        columns: list[Sequence[float]] = []
        for least, width in zip(head[: len(PACKED)], head[len(PACKED) :], strict=True):
            size = PACK_ROWS // 2 if width == HALF else PACK_ROWS * bytes_of(width)
            if at + size > len(data):
                raise ValueError("trace ends within a chunk")
            columns.append(_unpack_cells(data[at : at + size], least, width))
            at += size
        yield from map(_packed_row, range(first, first + PACK_ROWS), *columns)
    if at != len(data):
        raise ValueError("a frame is longer than its chunks")


def _unpack_cells(data: bytes, least: float, width: int) -> Sequence[float]:
    """A column of a chunk."""
    if width == 8:
        return struct.unpack(f"<{PACK_ROWS}d", data)
    base = int(least)
    if width == 0:
        return (base,) * PACK_ROWS
    cells: Iterable[int]
    if width == HALF:
        cells = (half for byte in data for half in (byte & 15, byte >> 4))
    elif bytes_of(width) == 3:
        cells = (a | b << 8 | c << 16 for a, b, c in zip(data[::3], data[1::3], data[2::3], strict=True))
    else:
        cells = struct.unpack(f"<{PACK_ROWS}{' BH I'[bytes_of(width)]}", data)
    if SPARSE < width < MICRO:
        return [cell and base + cell for cell in cells]
    unit = 1000 if MICRO < width < HALF else 1
    return [base + cell * unit for cell in cells]


def bytes_of(width: int) -> int:
    """Whole bytes of a cell of a width. Raises ValueError for what is none."""
    if width == HALF:
        return 0
    if width < SPARSE + 1 or width == 8:
        return width
    if width < MICRO:
        return width - SPARSE
    if width <= MICRO + 4:
        return width - MICRO
    raise ValueError(f"packed cells of width {width}")


def _packed_row(event: int, *cells: Any) -> Row:
    t, end, ready, cpu, kind, how, flags, subject, by, site, via, waits, chain, seq, aux = cells
    kind = Kind(int(kind))
    runs = kind is Kind.STEP or kind is Kind.CALLBACK
    return Row(
        t=t / NANO,
        end=(t + end) / NANO if runs or kind is Kind.IDLE or kind is Kind.TIMER else 0.0,
        ready=(t - ready) / NANO if runs else 0.0,
        cpu=cpu / NANO,
        kind=kind,
        how=How(how) if how else None,
        flags=flags,
        subject=subject,
        by=by,
        site=site,
        via=via,
        waits=waits,
        chain=chain,
        ready_seq=event - seq if runs else 0,
        aux=aux,
    )
