"""可承诺量: how many can be promised on which day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)
Dated = tuple[date, Decimal]


@dataclass(frozen=True)
class Day:
    """One step of the curve: what comes and goes on the day, what is left at its end, what may still be promised."""

    on: date
    incoming: Decimal
    outgoing: Decimal
    projected: Decimal
    atp: Decimal


def curve(
    *, today: date, on_hand: Decimal, reserved: Decimal, expected: Iterable[Dated], committed: Iterable[Dated]
) -> list[Day]:
    """`P(t)` = on hand - reserved + expected due <= t - commitments due <= t; `atp(d)` = max(0, min of P(t), t >= d).

    `reserved` is what is kept without a dated order. Past due counts as today; one day for each date that matters.
    """
    incoming: dict[date, Decimal] = defaultdict(Decimal)
    outgoing: dict[date, Decimal] = defaultdict(Decimal)
    for due, quantity in expected:
        incoming[max(due, today)] += quantity
    for due, quantity in committed:
        outgoing[max(due, today)] += quantity
    left, rows = on_hand - reserved, []
    for day in sorted({today, *incoming, *outgoing}):
        left += incoming[day] - outgoing[day]
        rows.append((day, left))
    days: list[Day] = []
    lowest: Decimal | None = None
    for day, projected in reversed(rows):
        lowest = projected if lowest is None else min(lowest, projected)
        days.append(Day(day, incoming[day], outgoing[day], projected, max(ZERO, lowest)))
    return days[::-1]


def earliest(days: Sequence[Day], quantity: Decimal) -> date | None:
    """The first day on which `quantity` may be promised; None = not within what is known."""
    return next((day.on for day in days if day.atp >= quantity), None)
