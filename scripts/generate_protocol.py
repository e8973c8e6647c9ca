"""Write web/src/protocol/generated.ts from py/loopscope/protocol.py; with --check only compare."""

from __future__ import annotations

import sys
from enum import IntEnum
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "web/src/protocol/generated.ts"
sys.path.insert(0, str(ROOT / "py"))

from loopscope import protocol as p  # noqa: E402
from loopscope import tracefile  # noqa: E402

ARRAYS = {"d": ("f64", 8), "f": ("f32", 4), "i": ("i32", 4)}


def enum(cls: type[IntEnum]) -> str:
    body = "".join(f"  {m.name}: {m.value},\n" for m in cls)
    return f"export const {cls.__name__} = {{\n{body}}} as const;\n"


def generate() -> str:
    """The TypeScript text."""
    out = [
        "// Generated from py/loopscope/protocol.py by `npm run generate`. Do not edit.\n",
        f"export const VERSION = {p.VERSION};",
        f"export const MAGIC = {int.from_bytes(p.MAGIC, 'little')};",
        f"export const HEADER_BYTES = {p.HEADER.size};",
        f"export const ROW_BYTES = {p.ROW_BYTES};\n",
        enum(p.Kind),
        enum(p.How),
        enum(p.Flag),
        "/** Columns of a row: offset in elements of their array type, from the row's first byte. */",
        "export const COLUMN = {",
    ]
    offset = 0
    for c in p.COLUMNS:
        array, size = ARRAYS[c.code]
        out.append(f"  /** {c.doc} */")
        out.append(f"  {c.name}: {{ array: '{array}', at: {offset // size} }},")
        offset += size
    out.append("} as const;\n")
    times = len(p.PACKED_TIMES)
    out += [
        "/** Packed rows: columns in their order, times first; see py/loopscope/protocol.py. */",
        "export const PACKED = {",
        f"  VERSION: {p.PACKED_VERSION},",
        f"  HEADER_BYTES: {p.PACKED_HEADER.size},",
        f"  ROWS: {p.PACK_ROWS},",
        f"  HALF: {p.HALF},",
        f"  SPARSE: {p.SPARSE},",
        f"  MICRO: {p.MICRO},",
        f"  HEAD_BYTES: {p.CHUNK_HEAD.size},",
        f"  TIMES: {times},",
        "  COLUMN: {",
        *(f"    {name}: {k}," for k, name in enumerate(p.PACKED)),
        "  },",
        "} as const;\n",
        "/** The trace file: layout and bounds, see py/loopscope/tracefile.py. */",
        "export const TRACE_FILE = {",
        f"  MAGIC: [{', '.join(map(str, tracefile.MAGIC))}],",
        f"  VERSION: {tracefile.VERSION},",
        f"  PLAIN: {tracefile.PLAIN},",
        f"  HEAD_BYTES: {tracefile.HEAD.size},",
        f"  MAX_BYTES: {tracefile.MAX_BYTES},",
        f"  MAX_EVENTS: {tracefile.MAX_EVENTS},",
        f"  SUFFIX: '{tracefile.SUFFIX}',",
        "} as const;\n",
    ]
    return "\n".join(out)


def main() -> int:
    text = generate()
    if "--check" in sys.argv[1:]:
        if TARGET.read_text() != text:
            print(f"{TARGET.relative_to(ROOT)} is out of date: run `npm run generate`.")
            return 1
        return 0
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
