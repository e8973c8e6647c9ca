"""Write the hash of the sandbox's script into netlify.toml's Content Security Policy; with --check only compare."""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "web/src/runtime/sandbox/frame.js"
TARGET = ROOT / "netlify.toml"


def main() -> int:
    digest = base64.b64encode(hashlib.sha256(SCRIPT.read_bytes()).digest()).decode()
    text = TARGET.read_text()
    found = re.sub(r"'sha256-[^']*'", f"'sha256-{digest}'", text)
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(found)
    elif found != text:
        print(f"{SCRIPT.name} has changed and {TARGET.name} holds its old hash: run `npm run generate`.")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
