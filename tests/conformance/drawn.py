"""Random programs as a list, for those who run all of them in one go."""

from __future__ import annotations

from conformance.programs import programs
from hypothesis import HealthCheck, Phase, given, seed, settings


def drawn(count: int, number: int, version: tuple[int, int]) -> list[str]:
    """``count`` programs for a Python's version, at most; ``number`` is the seed that gives the same ones again."""
    made: list[str] = []

    @seed(number)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(programs(version))
    def draw(source: object) -> None:
        made.append(str(source))

    draw()
    return made
