"""What a finding is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Finding:
    """``lines`` of the program, from 1; ``events`` are event indexes, the first is where to look."""

    kind: str  # 'deadlock', 'blocked', …: stable, for links and tests
    title: str
    text: str  # what was seen
    why: str
    advice: str
    lines: tuple[int, ...] = ()
    events: tuple[int, ...] = ()

    def data(self) -> dict[str, Any]:
        """As JSON wants it."""
        return asdict(self)


def names(items: list[str]) -> str:
    """Names in a sentence: ``a``, ``a and b``, ``a, b and 3 others``."""
    if len(items) > 4:
        return f"{', '.join(items[:3])} and {len(items) - 3} others"
    return " and ".join(filter(None, [", ".join(items[:-1]), items[-1]])) if items else ""
