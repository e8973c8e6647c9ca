"""Write the hash of the sandbox's script into the Content Security Policies that allow it; with --check only compare.

They are the site's, in netlify.toml, and the sandbox's own.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "web/src/runtime/sandbox/frame.js"
TARGETS = [ROOT / "netlify.toml", ROOT / "web/src/runtime/sandbox/sandbox.ts"]


def main() -> int:
    digest = base64.b64encode(hashlib.sha256(SCRIPT.read_bytes()).digest()).decode()
    stale = 0
    for target in TARGETS:
        text = target.read_text(encoding="utf-8")
        found, times = re.subn(r"'sha256-[^']*'", f"'sha256-{digest}'", text)
        if not times:
            print(f"{target.name} has no place for the hash of {SCRIPT.name}.")
            stale = 1
        elif found != text and "--check" in sys.argv[1:]:
            print(f"{SCRIPT.name} has changed and {target.name} holds its old hash: run `npm run generate`.")
            stale = 1
        elif found != text:
            target.write_text(found, encoding="utf-8")
    return stale


if __name__ == "__main__":
    raise SystemExit(main())
