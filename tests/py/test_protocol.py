from __future__ import annotations

import subprocess
import sys

import pytest
from engines import ROOT
from loopscope.protocol import COLUMNS, FIELDS, HEADER, ROW, ROW_BYTES, Kind, pack_frame, unpack_frames


def test_a_frame_comes_back_as_it_was_packed() -> None:
    values = (1.5, 2.5, 0.5, 0.25, Kind.TASK, *range(1, len(COLUMNS) - 4))
    frame = pack_frame({"strings": [[1, "é"]]}, ROW.pack(*values))
    [(meta, rows)] = unpack_frames(frame)
    assert meta == {"strings": [[1, "é"]]}
    assert tuple(rows[0]) == (1.5, 2.5, 0.5, 0.25, Kind.TASK, None, 0, *range(1, len(COLUMNS) - 4))


def test_frames_follow_each_other_on_eight_byte_boundaries() -> None:
    one = pack_frame({"lost": 1}, b"")
    two = pack_frame({"lost": 22}, b"")
    assert len(one) % 8 == 0
    assert [meta for meta, _ in unpack_frames(one + two)] == [{"lost": 1}, {"lost": 22}]


@pytest.mark.parametrize("cut", [1, HEADER.size - 1, HEADER.size, HEADER.size + 3])
def test_a_trace_that_ends_too_soon_is_refused(cut: int) -> None:
    frame = pack_frame({"lost": 1}, b"")
    with pytest.raises(ValueError, match="ends within"):
        list(unpack_frames(frame[:cut]))


def test_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="not a Loopscope trace"):
        list(unpack_frames(b"PK\x03\x04" + bytes(40)))


def test_a_trace_of_a_later_version_is_refused() -> None:
    frame = bytearray(pack_frame({}, b""))
    frame[12:16] = (99).to_bytes(4, "little")
    with pytest.raises(ValueError, match="version 99"):
        list(unpack_frames(bytes(frame)))


def test_half_a_row_is_refused() -> None:
    with pytest.raises(ValueError, match="no multiple"):
        pack_frame({}, bytes(ROW_BYTES - 1))


def test_every_kind_says_which_columns_it_uses() -> None:
    names = {column.name for column in COLUMNS}
    assert set(FIELDS) == set(Kind)
    for kind, fields in FIELDS.items():
        assert set(fields.uses) <= names, kind
        assert ("aux" in fields.uses) == bool(fields.aux), kind


@pytest.mark.parametrize("name", ["generate_protocol.py", "generate_policy.py"])
def test_what_is_generated_is_up_to_date(name: str) -> None:
    script = ROOT / "scripts" / name
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
