"""账龄: open items of a partner, matched by reference, then first in first out by due date."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.finance.domain.amounts import ZERO, multiply

BUCKET_ENDS = (30, 60, 90, 180, 365)
BUCKETS = len(BUCKET_ENDS) + 1


@dataclass(frozen=True)
class Entry:
    """A posted line on an open-item account, `amount` positive where it raises the balance, negative where
    it settles.

    Currency of the account; `seq` makes the order total.
    """

    partner: str
    amount: Decimal
    on: date
    due_on: date
    ref: str = ""
    seq: int = 0


@dataclass(frozen=True)
class AgeingRow:
    """One partner: total = not_due + Σ buckets − unapplied; buckets 1–30, 31–60, 61–90, 91–180, 181–365,
    over.
    """

    partner: str
    total: Decimal
    not_due: Decimal
    buckets: tuple[Decimal, ...]
    unapplied: Decimal

    @property
    def overdue(self) -> Decimal:
        """Σ buckets."""
        return sum(self.buckets, ZERO)


@dataclass
class _Open:
    entry: Entry
    left: Decimal


def ageing(entries: Iterable[Entry], *, as_of: date) -> list[AgeingRow]:
    """Rows by partner; entries dated after `as_of` are not seen, rows of zeros are left out."""
    by_partner: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.on <= as_of:
            by_partner.setdefault(entry.partner, []).append(entry)
    rows = [_partner_row(partner, own, as_of) for partner, own in sorted(by_partner.items())]
    return [row for row in rows if row.not_due or row.unapplied or any(row.buckets)]


def total_row(rows: Iterable[AgeingRow]) -> AgeingRow:
    """Sum of all partners; ties to the account's balance."""
    total = not_due = unapplied = ZERO
    buckets = [ZERO] * BUCKETS
    for row in rows:
        total, not_due, unapplied = total + row.total, not_due + row.not_due, unapplied + row.unapplied
        buckets = [left + right for left, right in zip(buckets, row.buckets, strict=True)]
    return AgeingRow("", total, not_due, tuple(buckets), unapplied)


def bucket_of(due_on: date, as_of: date) -> int | None:
    """Index of the bucket by days past due; None when not due yet (due today is not past due)."""
    days = (as_of - due_on).days
    if days <= 0:
        return None
    return next((index for index, end in enumerate(BUCKET_ENDS) if days <= end), BUCKETS - 1)


def _partner_row(partner: str, entries: Sequence[Entry], as_of: date) -> AgeingRow:
    items = _in_due_order(entry for entry in entries if entry.amount > 0)
    settlements = [_Open(entry, -entry.amount) for entry in entries if entry.amount < 0]
    _settle_by_ref(items, settlements)
    for settlement in settlements:
        _take(settlement, items)
    not_due, buckets = ZERO, [ZERO] * BUCKETS
    for item in items:
        index = bucket_of(item.entry.due_on, as_of)
        if index is None:
            not_due += item.left
        else:
            buckets[index] += item.left
    unapplied = sum((settlement.left for settlement in settlements), ZERO)
    total = not_due + sum(buckets, ZERO) - unapplied
    return AgeingRow(partner, total, not_due, tuple(buckets), unapplied)


def _in_due_order(entries: Iterable[Entry]) -> list[_Open]:
    ordered = sorted(entries, key=lambda entry: (entry.due_on, entry.on, entry.seq))
    return [_Open(entry, entry.amount) for entry in ordered]


def _settle_by_ref(items: Sequence[_Open], settlements: Sequence[_Open]) -> None:
    by_ref: dict[str, list[_Open]] = {}
    for item in items:
        if item.entry.ref:
            by_ref.setdefault(item.entry.ref, []).append(item)
    for settlement in settlements:
        if settlement.entry.ref:
            _take(settlement, by_ref.get(settlement.entry.ref, ()))


def _take(settlement: _Open, items: Sequence[_Open]) -> None:
    for item in items:
        used = min(item.left, settlement.left)
        item.left -= used
        settlement.left -= used


def convert(row: AgeingRow, rate: Decimal) -> AgeingRow:
    """A foreign row in CNY at one rate: the total is rounded once, the largest part takes the rounding."""
    total = multiply(row.total, rate)
    parts = [multiply(part, rate) for part in (row.not_due, *row.buckets, -row.unapplied)]
    largest = max(range(len(parts)), key=lambda index: abs(parts[index]))
    parts[largest] += total - sum(parts, ZERO)
    return AgeingRow(row.partner, total, parts[0], tuple(parts[1:-1]), -parts[-1])
