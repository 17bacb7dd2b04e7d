"""What the board shows: what is short, late, expiring, waiting to ship and to be received, and the value of it all."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Case, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from apps.inventory.models import CostGroup, Level, Lot, PurchaseOrder, ReorderRule, SalesOrder, StockDocument
from apps.inventory.selectors.orders import OPEN_STATES, open_line
from apps.inventory.services.orders.sides import PURCHASES, SALES
from kernel.figures import Statement, written
from kernel.memo import remembered

SOON = timedelta(days=30)
MOST = 8
ZERO = Decimal(0)


@dataclass(frozen=True)
class Figures:
    """Counts of the board; `posted` 0 or 1: has anything moved yet; `value` CNY."""

    to_ship: int
    to_receive: int
    late_to_ship: int
    late_to_receive: int
    short: int
    expiring: int
    drafts: int
    posted: int
    value: Decimal

    @property
    def late(self) -> int:
        return self.late_to_ship + self.late_to_receive


@remembered
def figures(today: date) -> Figures:
    """One query."""
    return Figures(**_figures(today).ask())


@lru_cache(maxsize=2)
def _figures(today: date) -> Statement:
    documents = StockDocument.objects
    return written(
        counts={
            "to_ship": to_ship(),
            "to_receive": to_receive(),
            "late_to_ship": late(SALES, today),
            "late_to_receive": late(PURCHASES, today),
            "short": short(),
            "expiring": expiring(today),
            "drafts": documents.filter(state=StockDocument.State.DRAFT),
            "posted": documents.filter(state=StockDocument.State.POSTED).order_by()[:1],
        },
        sums={"value": (CostGroup.objects.all(), "value")},
    )


def to_ship() -> QuerySet[SalesOrder]:
    """Confirmed sales orders with goods still to go, the most urgent first."""
    return _open(SALES)


def to_receive() -> QuerySet[PurchaseOrder]:
    """Confirmed purchase orders with goods still to come, the most urgent first."""
    return _open(PURCHASES)


def late(side: Any, today: date) -> Any:
    """Orders of a side with an open line past its day."""
    return _open(side).filter(open_line(side, due_on__lt=today))


def _open(side: Any) -> Any:
    first_due = side.line.objects.filter(order_id=OuterRef("pk"), closed=False, done__lt=F("quantity"))
    rows = side.order.objects.filter(state__in=OPEN_STATES).select_related("partner")
    first = Subquery(first_due.order_by("due_on").values("due_on")[:1])
    return rows.annotate(first_due=first).order_by("first_due", "id")


def short() -> Any:
    """Items at or below their reorder point (lot for lot: below the safety stock)."""
    levels = Level.objects.filter(item_id=OuterRef("item_id"), warehouse_id=OuterRef("warehouse_id"))
    number = DecimalField(max_digits=18, decimal_places=4)
    rows = ReorderRule.objects.select_related("item", "warehouse").annotate(
        on_hand=Coalesce(Subquery(levels.values("quantity")[:1]), Value(ZERO), output_field=number),
        limit=Case(When(rule="lot_for_lot", then=F("safety_stock")), default=F("reorder_point"), output_field=number),
    )
    wanted = Q(on_hand__lte=F("limit"), limit__gt=0)
    return rows.filter(wanted, item__state="active").order_by("item__code_key", "warehouse__code_key", "id")


def expiring(today: date) -> QuerySet[Lot]:
    """Lots on hand that expire within 30 days or have expired, first ones first."""
    rows = Lot.objects.filter(expires_on__lte=today + SOON, balances__quantity__gt=0).select_related("item")
    return rows.distinct().order_by("expires_on", "id")
