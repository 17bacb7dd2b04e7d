"""Piece wages by worker and by line; the days asked for are those of payment."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from apps.masterdata import public as masterdata
from apps.production.models import PieceRate, WageLine, WageSettlement


@dataclass(frozen=True, kw_only=True)
class WageFilter:
    """Both days included; `employee` is a code, "" = everybody."""

    since: date | None = None
    until: date | None = None
    employee: str = ""


@dataclass(frozen=True, kw_only=True)
class WageRow:
    """What one worker earned: pieces, CNY, and of how many lines."""

    employee: str
    name: str
    quantity: Decimal
    amount: Decimal
    lines: int


@dataclass(frozen=True, kw_only=True)
class Wages:
    """The rows in the order of employee codes, and their sums."""

    rows: list[WageRow]

    @property
    def quantity(self) -> Decimal:
        return sum((row.quantity for row in self.rows), Decimal(0))

    @property
    def amount(self) -> Decimal:
        return sum((row.amount for row in self.rows), Decimal(0))

    @property
    def lines(self) -> int:
        return sum(row.lines for row in self.rows)


def _asked(wanted: WageFilter) -> QuerySet[WageLine]:
    rows = WageLine.objects.all()
    if wanted.since:
        rows = rows.filter(paid_on__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(paid_on__lte=wanted.until)
    if wanted.employee:
        found = masterdata.employee_by_code(wanted.employee)
        rows = rows.filter(employee_id=found.id if found else 0)
    return rows


def by_employee(wanted: WageFilter) -> Wages:
    """One row a worker; the sums are those of the lines, in one query."""
    rows = _asked(wanted).values("employee__code", "employee__name", "employee_id")
    sums = rows.annotate(quantity=Sum("quantity"), amount=Sum("amount"), n=Count("id"))
    return Wages(
        rows=[
            WageRow(
                employee=row["employee__code"],
                name=row["employee__name"],
                quantity=row["quantity"],
                amount=row["amount"],
                lines=row["n"],
            )
            for row in sums.order_by("employee__code_key", "employee_id")
        ]
    )


def lines(wanted: WageFilter) -> QuerySet[WageLine]:
    """The lines themselves, newest first."""
    return _asked(wanted).select_related("employee", "item", "report__order").order_by("-paid_on", "-id")


def rates(*, item: str = "") -> QuerySet[PieceRate]:
    """Rates by item and step, the latest day first."""
    rows = PieceRate.objects.select_related("item").order_by("item__code_key", "seq", "-valid_from", "-id")
    if item:
        found = masterdata.item_by_code(item)
        rows = rows.filter(item_id=found.id if found else 0)
    return rows


def settlements() -> list[WageSettlement]:
    """Settled months, the last first."""
    return list(WageSettlement.objects.order_by("-month")[:60])
