"""Compile py/hot, the hot path of the tracer, to py/loopscope/_hot.so: a library for Pyodide's CPython 3.14.

    npm run generate:hot

The result is committed, because it is small and no other build needs a C compiler. It carries the hash of what it was
made from, and a test compares. Needs Clang and its linker for WebAssembly (Debian: apt-get install clang-16 lld-16).
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
SOURCES: Final = ROOT / "py/hot"
TARGET: Final = ROOT / "py/loopscope/_hot.so"
CLANG: Final = "clang-16"
LINKER: Final = "wasm-ld-16"
# Free-standing: it calls nothing but what Pyodide's main module exports. `-Wno-…`: tables end with {0}.
FLAGS: Final = [
    "--target=wasm32-unknown-emscripten",
    "-ffreestanding",
    "-fPIC",
    "-fvisibility=hidden",
    "-O3",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-Wno-unused-parameter",
    "-Wno-missing-field-initializers",
]


class NoCompiler(Exception):
    """The compiler is not there; the message says which."""


def source_hash() -> str:
    """Of all that the library is made from."""
    digest = hashlib.sha256(" ".join(FLAGS).encode())
    for path in sorted(SOURCES.glob("*.[ch]")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def compile_hot(target: Path) -> None:
    """Write the library. Raises NoCompiler, or CalledProcessError."""
    for tool in (CLANG, LINKER):
        if not shutil.which(tool):
            raise NoCompiler(f"{tool} is not on PATH. On Debian: apt-get install {CLANG} lld-16")
    with tempfile.TemporaryDirectory() as folder:
        unit = Path(folder) / "hot.o"
        define = f'-DSOURCE="{source_hash()}"'
        subprocess.run([CLANG, *FLAGS, define, "-c", "hot.c", "-o", unit], check=True, cwd=SOURCES)
        subprocess.run(
            [LINKER, "-shared", "--experimental-pic", "--no-entry", "--strip-all", unit, "-o", target],
            check=True,
        )


def main() -> int:
    try:
        compile_hot(TARGET)
    except NoCompiler as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
