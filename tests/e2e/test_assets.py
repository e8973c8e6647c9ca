"""The Python that the page loads is compiled, complete and the repository's own."""

from __future__ import annotations

import zipfile
from pathlib import Path

from serve import Site

ROOT = Path(__file__).resolve().parents[2]


def only(site: Site, pattern: str) -> Path:
    (found,) = site.dist.glob(pattern)
    return found


def test_the_standard_library_is_byte_code(site: Site) -> None:
    with zipfile.ZipFile(only(site, "runtime/*/stdlib.zip")) as library:
        names = library.namelist()
        assert {"asyncio/base_events.pyc", "_pyodide/_base.pyc", "encodings/utf_8.pyc"} <= set(names)
        assert not [name for name in names if name.endswith(".py") and not name.startswith("_sysconfigdata")]
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in library.infolist())
        # Hash-based and unchecked: bit 0 set, bit 1 not.
        assert library.read("asyncio/base_events.pyc")[4:8] == b"\x01\0\0\0"


def test_the_package_is_whole(site: Site) -> None:
    sources = ROOT / "py/loopscope"
    expected = {f"loopscope/{path.relative_to(sources).as_posix()}c" for path in sources.rglob("*.py")}
    with zipfile.ZipFile(only(site, "assets/loopscope-*.zip")) as package:
        assert set(package.namelist()) == expected | {"loopscope/py.typed", "loopscope/_hot.so"}


def test_every_example_has_a_recorded_run(site: Site) -> None:
    examples = {path.stem for path in (ROOT / "web/examples").glob("*.py")}
    recorded = {
        path.stem.removeprefix("recording-")[:-17] for path in site.dist.glob("assets/recording-*.bin")
    }
    assert "default" in examples
    assert {name for name in recorded if not name.startswith("lesson-")} == examples
