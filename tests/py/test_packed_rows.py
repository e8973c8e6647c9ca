"""Packed rows, as files of the page have them: read back as the rows they were made of."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loopscope.protocol import (
    HALF,
    MAGIC,
    MICRO,
    PACK_ROWS,
    PACKED,
    PACKED_HEADER,
    PACKED_VERSION,
    SPARSE,
    How,
    Kind,
    Row,
    pack_frame,
    unpack_frames,
)


def packed_column(cells: Sequence[float]) -> tuple[float, int, bytes]:
    """Least value, width, and the cells: as short as they can be."""
    least = min(cells)
    over = [int(cell - least) for cell in cells]
    most = max(over)
    if most == 0:
        return least, 0, b""
    if most < 16:
        pairs = zip(over[::2], over[1::2], strict=True)
        return least, HALF, bytes(low | high << 4 for low, high in pairs)
    for width in (1, 2, 3, 4):
        if least + most > 20_000 and most // 1000 < 1 << 8 * width and not any(cell % 1000 for cell in over):
            return least, MICRO + width, b"".join((cell // 1000).to_bytes(width, "little") for cell in over)
        if most < 1 << 8 * width:
            return least, width, b"".join(cell.to_bytes(width, "little") for cell in over)
        some = [cell for cell in cells if cell]
        if width < 4 and least == 0 and most - min(some) + 1 < 1 << 8 * width:
            base = min(some) - 1
            shorter = [int(cell - base) if cell else 0 for cell in cells]
            return base, SPARSE + width, b"".join(cell.to_bytes(width, "little") for cell in shorter)
    return least, 8, struct.pack(f"<{len(cells)}d", *cells)


def frame(columns: dict[str, list[float]], chunks: int) -> bytes:
    body = b""
    for first in range(0, chunks * PACK_ROWS, PACK_ROWS):
        parts = [packed_column(columns[name][first : first + PACK_ROWS]) for name in PACKED]
        body += struct.pack(f"<{len(PACKED)}d", *(least for least, _, _ in parts))
        body += bytes(width for _, width, _ in parts) + b"\0" + b"".join(cells for _, _, cells in parts)
    return (
        PACKED_HEADER.pack(MAGIC, 2, chunks * PACK_ROWS, PACKED_VERSION, len(body), 0)
        + b"{}"
        + b" " * 6
        + body
    )


def columns_of(ranges: dict[str, int], chunks: int = 1) -> dict[str, list[float]]:
    """Steps, with cells from 0 to the ranges."""
    rows = range(chunks * PACK_ROWS)
    columns: dict[str, list[float]] = {
        name: [row * 7919 % (ranges.get(name, 0) + 1) for row in rows] for name in PACKED
    }
    columns["kind"] = [Kind.STEP] * len(rows)
    columns["how"] = [How.SUSPENDED] * len(rows)
    return columns


def read(data: bytes) -> list[Row]:
    return [row for _, rows in unpack_frames(data) for row in rows]


@settings(deadline=None, max_examples=20, derandomize=True)
@given(
    st.dictionaries(
        st.sampled_from([name for name in PACKED if name not in ("kind", "how")]),
        st.sampled_from([1, 15, 16, 255, 256, 65_535, 65_536, 16_777_215, 16_777_216, 2**31 - 1]),
    )
)
def test_cells_of_every_width_come_back(ranges: dict[str, int]) -> None:
    columns = columns_of(ranges)
    rows = read(frame(columns, 1))
    assert len(rows) == PACK_ROWS
    for event, row in enumerate(rows):
        cells = {name: column[event] for name, column in columns.items()}
        assert (row.kind, row.how) == (Kind.STEP, How.SUSPENDED)
        assert row.t == cells["t"] / 1e9
        assert row.end == (cells["t"] + cells["end"]) / 1e9
        assert row.ready == (cells["t"] - cells["ready"]) / 1e9
        assert row.cpu == cells["cpu"] / 1e9
        assert row.ready_seq == event - cells["ready_seq"]
        for name in ("flags", "subject", "by", "site", "via", "waits", "chain", "aux"):
            assert getattr(row, name) == cells[name], name


def test_thousands_and_numbers_that_are_mostly_zero_come_back() -> None:
    columns = columns_of({})
    rows = range(PACK_ROWS)
    for name, most in {"t": 250, "end": 65_000, "ready": 16_000_000, "cpu": 2**31}.items():
        columns[name] = [7 + k * 7919 % 4096 * most // 4095 * 1000 for k in rows]
    for name, least, most in (
        ("via", 900, 1100),
        ("waits", 80_000, 130_000),
        ("aux", 2**30, 2**30 + 16_000_000),
    ):
        columns[name] = [0 if k % 3 == 0 else least + k * 7919 % 4096 * (most - least) // 4095 for k in rows]
    data = frame(columns, 1)
    at = PACKED_HEADER.size + 8 + 8 * len(PACKED)
    widths = dict(zip(PACKED, data[at : at + len(PACKED)], strict=True))
    assert [widths[name] - MICRO for name in ("t", "end", "ready", "cpu")] == [1, 2, 3, 4]
    assert [widths[name] - SPARSE for name in ("via", "waits", "aux")] == [1, 2, 3]
    for event, row in enumerate(read(data)):
        assert (row.t, row.cpu) == (columns["t"][event] / 1e9, columns["cpu"][event] / 1e9)
        assert row.end == (columns["t"][event] + columns["end"][event]) / 1e9
        assert row.ready == (columns["t"][event] - columns["ready"][event]) / 1e9
        assert (row.via, row.waits, row.aux) == tuple(
            columns[name][event] for name in ("via", "waits", "aux")
        )


def test_what_a_kind_does_not_use_is_zero() -> None:
    columns = columns_of({"t": 1000})
    for event, kind in enumerate([Kind.OUTPUT, Kind.TIMER, Kind.IDLE, Kind.TASK]):
        columns["kind"][event] = kind
        columns["how"][event] = 0
        columns["t"][event] = 5_000_000_000
        columns["end"][event] = 1_000_000_000
    output, timer, idle, task = read(frame(columns, 1))[:4]
    assert [(row.t, row.how) for row in (output, timer, idle, task)] == [(5.0, None)] * 4
    assert [row.end for row in (output, timer, idle, task)] == [0.0, 6.0, 6.0, 0.0]
    assert [row.ready for row in (output, timer, idle, task)] == [0.0] * 4


def test_rows_of_a_later_chunk_count_back_from_their_own_index() -> None:
    columns = columns_of({"ready_seq": 3}, chunks=2)
    rows = read(frame(columns, 2))
    assert [row.ready_seq for row in rows] == [k - s for k, s in enumerate(columns["ready_seq"])]


def test_packed_and_plain_frames_follow_each_other() -> None:
    data = frame(columns_of({}), 1) + pack_frame({"lost": 3}, b"")
    assert [(len(rows), meta) for meta, rows in unpack_frames(data)] == [(PACK_ROWS, {}), (0, {"lost": 3})]


WHOLE = frame(columns_of({"t": 300}), 1)


def changed(at: int, value: int) -> bytes:
    data = bytearray(WHOLE)
    data[at] = value
    return bytes(data)


CHUNK = PACKED_HEADER.size + 8
BROKEN = {
    "a frame that is cut": (WHOLE[:-1], "within a frame"),
    "a header that is cut": (WHOLE[: PACKED_HEADER.size - 2], "within a frame's header"),
    "half a chunk": (changed(9, 8), "no whole chunks"),
    "cells of an unknown width": (changed(CHUNK + 120, 13), "packed cells of width 13"),
    "a chunk longer than its frame": (changed(CHUNK + 120, 4), "within a chunk"),
    "a chunk shorter than its frame": (changed(CHUNK + 120, 1), "longer than its chunks"),
    "a chunk after a row": (pack_frame({}, bytes([0] * 28 + [8] + [0] * 35)) + WHOLE, "no whole chunks"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_chunk_is_refused(name: str) -> None:
    data, words = BROKEN[name]
    with pytest.raises(ValueError, match=words):
        read(data)
