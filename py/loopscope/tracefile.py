"""The trace file: a recorded run as one file, whether a browser or native CPython recorded it.

    offset  bytes  what
    0       8      magic, ``LSCOPE\\r\\n``: a file whose line ends were converted is found out at once
    8       4      version of this layout (uint32, little-endian)
    12      4      length of the header text in bytes, before padding (uint32)
    16      8      length of the contents in bytes, inflated (uint64)
    24      …      contents: one zlib stream (RFC 1950), whose checksum covers all of them

    contents
    0       h      header: UTF-8 JSON, an object with the keys of HEADER, padded with spaces to a multiple of 8
    h       …      frames, as the tracer sent them or in one piece (see protocol.py)

Version 1 has frames of plain rows; in version 2 they may be packed (see protocol.py), as in the long traces that the
page saves, and the zlib stream of a very long one is not compressed: it is opened sooner. A stream whose first block is
stored has no others (``pack`` with level 0 makes such ones, too).

A reader refuses a version it doesn't know, contents larger than ``MAX_BYTES`` and more events than ``MAX_EVENTS``; it
ignores header keys it doesn't know. What a version means never changes. A file is data: opening it runs nothing.
"""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import dataclass, field
from typing import Any, Final

MAGIC: Final = b"LSCOPE\r\n"
VERSION: Final = 2
PLAIN: Final = 1
HEAD: Final = struct.Struct("<8sIIQ")
MAX_BYTES: Final = (
    256 * 1024 * 1024
)  # contents, inflated: the 3 million events that a run keeps, and room for texts
MAX_EVENTS: Final = 4_000_000
SUFFIX: Final = ".loopscope"

HEADER: Final = """\
program:      text of the program, required
name:         its file name, for people
clock:        "virtual" or "real"
pace:         of the virtual clock: virtual seconds in a real one; 0 or missing: as fast as it went
seed:         of the virtual clock's random numbers
requirements: list of packages, PEP 508
python:       version of the Python that ran it, "3.14.2"
platform:     sys.platform there: "emscripten" in a browser
loopscope:    version of what recorded it
end:          {how, code, problem}: how is "finished", "failed" or "stopped"; problem is {type, message, text, line,
              column, endColumn}, lines from 1, columns from 0. Missing: its end was not recorded
"""


class TraceFileError(ValueError):
    """A file that can't be read; the message says why, in words for people."""


@dataclass(frozen=True)
class TraceFile:
    """A recorded run: the program and its frames; ``header`` holds the other keys of HEADER."""

    program: str
    frames: bytes
    header: dict[str, Any] = field(default_factory=dict)


def pack(file: TraceFile, level: int = 6) -> bytes:
    """The file's bytes. ``level`` is zlib's: 0 stores, for reading it again as fast as can be."""
    text = json.dumps({"program": file.program, **file.header}, separators=(",", ":")).encode()
    padding = b" " * (-len(text) % 8)
    size = len(text) + len(padding) + len(file.frames)
    deflate = zlib.compressobj(level)
    parts = (deflate.compress(text + padding), deflate.compress(file.frames), deflate.flush())
    return b"".join((HEAD.pack(MAGIC, PLAIN, len(text), size), *parts))


def unpack(data: bytes) -> TraceFile:
    """The file of these bytes. Raises TraceFileError for anything that is no whole trace file."""
    if len(data) < HEAD.size or not data.startswith(MAGIC):
        raise TraceFileError("This is not a Loopscope trace file.")
    _, version, header_size, size = HEAD.unpack_from(data)
    if version > VERSION:
        raise TraceFileError(f"This file has version {version}; this Loopscope reads up to {VERSION}.")
    if version < 1:
        raise _damaged()
    if size > MAX_BYTES:
        raise TraceFileError(f"This trace is too large: it holds more than {MAX_BYTES >> 20} MB.")
    contents = _inflate(data[HEAD.size :], size)
    start = header_size + (-header_size % 8)
    if start > size:
        raise _damaged()
    header = _header(contents[:header_size])
    program = header.pop("program", None)
    if not isinstance(program, str):
        raise TraceFileError("This trace file can't be read: its program should be text.")
    return TraceFile(program, contents[start:], header)


def _inflate(data: bytes, size: int) -> bytes:
    inflate = zlib.decompressobj()
    try:
        contents = inflate.decompress(data, size + 1)  # never more than was promised
    except zlib.error:
        raise _damaged() from None
    if len(contents) != size or not inflate.eof or inflate.unused_data:
        raise _damaged()
    return contents


def _header(text: bytes) -> dict[str, Any]:
    try:
        header = json.loads(text)
    except (ValueError, RecursionError):
        raise _damaged() from None
    if not isinstance(header, dict):
        raise _damaged()
    return header


def _damaged() -> TraceFileError:
    return TraceFileError("This trace file is damaged: part of it is missing or was changed on its way.")
