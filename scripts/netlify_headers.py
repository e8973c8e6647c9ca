"""The response headers that netlify.toml declares, matched as Netlify matches them.

Each `[[headers]]` rule whose `for` path matches applies, in the file's order; of two values for one header the
later rule's stands. Source: Netlify's own parser, the npm package `@netlify/headers-parser` (`for_regexp.js`,
`normalize.js`), whose results are merged by object assignment.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

NETLIFY_TOML = Path(__file__).resolve().parent.parent / "netlify.toml"


@dataclass(frozen=True)
class Rule:
    """One `[[headers]]` table: its `for` path and its headers."""

    path: str
    values: dict[str, str]

    def matches(self, url_path: str) -> bool:
        """Whether a URL's path (`/assets/a.js`, no query) falls under this rule."""
        return _pattern(self.path).fullmatch(url_path) is not None


def read_rules(toml: Path = NETLIFY_TOML) -> list[Rule]:
    """The rules of a netlify.toml, in its order."""
    tables = tomllib.loads(toml.read_text(encoding="utf-8")).get("headers", [])
    return [
        Rule(table["for"].strip(), {name.strip(): _value(raw) for name, raw in table["values"].items()})
        for table in tables
    ]


def headers_for(url_path: str, rules: list[Rule]) -> dict[str, str]:
    """The headers of the answer to `url_path`: name → value."""
    merged: dict[str, tuple[str, str]] = {}
    for rule in rules:
        if rule.matches(url_path):
            merged.update((name.lower(), (name, value)) for name, value in rule.values.items())
    return dict(merged.values())


def _value(raw: str | list[str]) -> str:
    if isinstance(raw, list):
        return ", ".join(item.strip() for item in raw)
    return re.sub(r"\s*,\s*", ", ", raw.strip())


def _pattern(path: str) -> re.Pattern[str]:
    parts = [_part(part.rstrip()) for part in path.split("/") if part.strip()]
    return re.compile(f"/{'/'.join(parts)}/?", re.IGNORECASE)


def _part(part: str) -> str:
    if part.startswith(":"):
        return "([^/]+)"
    if part == "*":
        # The slash before it is optional too: "/assets/*" matches "/assets".
        return "?(.*)"
    if "*" in part:
        # As Netlify has it: the rest of such a part is not escaped, so a dot matches anything.
        return part.replace("*", "(.*)")
    return re.escape(part)
