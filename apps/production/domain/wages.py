"""Piece wages 计件工资: what a report of good pieces earns, to the fen.

A report earns r(good x rate), half-up to the fen, once. A group shares it by weight: each gets the whole fen of the
exact share, what is left goes fen by fen to the largest remainders, ties by employee code. Tiers pay the pieces that
lie above `start` in the worker's day at the tier's rate; what was reported earlier that day fills the lower tiers.
An undo earns exactly the negative of what it takes back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Tier:
    """From `start` pieces of the worker's day on, `rate` CNY a piece."""

    start: Fraction
    rate: Fraction


@dataclass(frozen=True)
class Rate:
    """CNY a piece, and the tiers above the first pieces of a day."""

    rate: Fraction
    tiers: tuple[Tier, ...] = ()

    def value(self, done: Fraction, quantity: Fraction) -> Fraction:
        """What `quantity` pieces are worth after `done` pieces of the same day, unrounded."""
        steps = [Tier(Fraction(0), self.rate), *sorted(self.tiers, key=lambda tier: tier.start)]
        ends: list[Fraction | None] = [*(tier.start for tier in steps[1:]), None]
        return sum(
            (
                _inside(done, done + quantity, tier.start, end) * tier.rate
                for tier, end in zip(steps, ends, strict=True)
            ),
            Fraction(0),
        )


def _inside(low: Fraction, high: Fraction, start: Fraction, end: Fraction | None) -> Fraction:
    """The part of [low, high] that lies in [start, end]."""
    top = high if end is None else min(high, end)
    return max(Fraction(0), top - max(low, start))


@dataclass(frozen=True)
class Share:
    """One worker of a report: code, weight > 0, and the pieces of the same step that were paid earlier that day."""

    employee: str
    weight: Fraction = Fraction(1)
    done: Fraction = Fraction(0)


@dataclass(frozen=True)
class Paid:
    """What one worker gets: the quantity that counts for the worker, unrounded, and the amount in fen."""

    employee: str
    quantity: Fraction
    fen: int

    @property
    def amount(self) -> Decimal:
        return Decimal(self.fen).scaleb(-2)


def pay(good: Fraction, rate: Rate, shares: Sequence[Share]) -> list[Paid]:
    """One line a worker, in the order of `shares`; the amounts sum to r(value of the report)."""
    whole = sum((share.weight for share in shares), Fraction(0))
    if not whole:
        return []
    parts = [good * share.weight / whole for share in shares]
    values = [rate.value(share.done, part) * 100 for share, part in zip(shares, parts, strict=True)]
    amounts = largest_remainder(values, [share.employee for share in shares])
    return [Paid(share.employee, part, fen) for share, part, fen in zip(shares, parts, amounts, strict=True)]


def largest_remainder(values: Sequence[Fraction], names: Sequence[str]) -> list[int]:
    """Whole numbers that sum to r(sum of `values`) (all >= 0), each within one of its value; ties by name."""
    floors = [value.numerator // value.denominator for value in values]
    rest = half_up(sum(values, Fraction(0))) - sum(floors)
    order = sorted(range(len(values)), key=lambda i: (floors[i] - values[i], names[i]))
    for i in order[:rest]:
        floors[i] += 1
    return floors


def half_up(value: Fraction) -> int:
    """To the nearest whole number, a half away from zero."""
    doubled = abs(value) * 2 + 1
    whole = doubled.numerator // (2 * doubled.denominator)
    return whole if value >= 0 else -whole


# -- A whole list of reports, as case files and checks give it ---------------------------------------------------


@dataclass(frozen=True)
class RateRow:
    """计件单价 of one step of an item from a day on."""

    item: str
    seq: int
    start: date
    rate: Rate


@dataclass(frozen=True)
class WorkRow:
    """One report; `undoes` names the report it takes back."""

    id: str
    on: date
    item: str
    seq: int
    good: Fraction
    workers: tuple[tuple[str, Fraction], ...]
    undoes: str = ""


def rate_on(rates: Sequence[RateRow], item: str, seq: int, on: date) -> Rate:
    """The rate of the step that is in force on the day; nothing is paid where none is."""
    rows = [row for row in rates if row.item == item and row.seq == seq and row.start <= on]
    return max(rows, key=lambda row: row.start).rate if rows else Rate(Fraction(0))


def wages_of(rates: Sequence[RateRow], reports: Sequence[WorkRow]) -> dict[str, list[Paid]]:
    """{report: lines} of reports in the order they were written."""
    lines: dict[str, list[Paid]] = {}
    done: dict[tuple[str, date, str, int], Fraction] = {}
    by_id = {report.id: report for report in reports}
    for report in reports:
        source = by_id[report.undoes] if report.undoes else report
        lines[report.id] = (
            [Paid(paid.employee, -paid.quantity, -paid.fen) for paid in lines[report.undoes]]
            if report.undoes
            else _lines_of(report, rate_on(rates, report.item, report.seq, report.on), done)
        )
        for paid in lines[report.id]:
            key = (paid.employee, source.on, source.item, source.seq)
            done[key] = done.get(key, Fraction(0)) + paid.quantity
    return lines


def _lines_of(report: WorkRow, rate: Rate, done: Mapping[tuple[str, date, str, int], Fraction]) -> list[Paid]:
    shares = [
        Share(code, weight, done.get((code, report.on, report.item, report.seq), Fraction(0)))
        for code, weight in report.workers
    ]
    return pay(report.good, rate, shares)


def totals_of(lines: Mapping[str, Sequence[Paid]]) -> dict[str, int]:
    """{employee: fen} over all reports."""
    totals: dict[str, int] = {}
    for paid in (paid for rows in lines.values() for paid in rows):
        totals[paid.employee] = totals.get(paid.employee, 0) + paid.fen
    return totals
