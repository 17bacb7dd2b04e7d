"""The promise curve as points of an SVG: what is left day by day, and what may still be promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.inventory.records import AtpDay

WIDTH, HEIGHT, LEFT, FOOT, TOP = 640, 180, 56, 22, 10
MOST_LABELS = 8


@dataclass(frozen=True)
class Curve:
    """`line` is a polyline of steps; `zero` the height of nothing left; `labels` (x, text) of days."""

    width: int
    height: int
    line: str
    zero: str
    top: str
    bottom: str
    labels: tuple[tuple[str, str], ...]
    left: int = LEFT


def draw(days: Sequence[AtpDay]) -> Curve | None:
    """Steps from day to day; None when there is nothing to draw."""
    if not days:
        return None
    values = [day.projected for day in days] + [Decimal(0)]
    low, high = min(values), max(values)
    span = (high - low) or Decimal(1)
    first = days[0].on
    reach = max((days[-1].on - first).days, 1)

    def x(offset: int) -> float:
        return LEFT + (WIDTH - LEFT - 30) * offset / reach

    def y(value: Decimal) -> float:
        return TOP + float((high - value) / span) * (HEIGHT - FOOT - TOP)

    points, before = [], days[0].projected
    for day in days:
        at = x((day.on - first).days)
        points += [f"{at:.1f},{y(before):.1f}", f"{at:.1f},{y(day.projected):.1f}"]
        before = day.projected
    points.append(f"{WIDTH},{y(before):.1f}")
    every = max(1, len(days) // MOST_LABELS)
    labels = tuple((f"{x((day.on - first).days):.1f}", f"{day.on:%m-%d}") for day in days[::every])
    return Curve(
        WIDTH, HEIGHT, " ".join(points), f"{y(Decimal(0)):.1f}", f"{high.normalize():f}", f"{low.normalize():f}", labels
    )
