"""预警: low, over, expiring, expired, slow, late. Computed when asked: a row goes when its cause is gone."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F

from apps.inventory.models import Level, ReorderRule
from apps.inventory.selectors import board, reports
from apps.inventory.services.orders.sides import PURCHASES, SALES

TYPES = ("low", "over", "expiring", "expired", "slow", "late_shipment", "late_receipt")
SLOW_AFTER = timedelta(days=90)
ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Warn:
    """One warning; codes are empty where they say nothing. `limit` is what `quantity` was compared with."""

    type: str
    item: str = ""
    name: str = ""
    warehouse: str = ""
    lot: str = ""
    quantity: Decimal | None = None
    limit: Decimal | None = None
    on: date | None = None
    document: str = ""


def warnings(today: date) -> list[Warn]:
    """All warnings of the day, kind by kind."""
    return [*_levels(), *_lots(today), *_slow(today), *_late(today)]


def _levels() -> list[Warn]:
    low = [
        Warn(type="low", item=rule.item.code, name=rule.item.name, warehouse=rule.warehouse.code,
             quantity=rule.on_hand, limit=rule.limit)
        for rule in board.short()
    ]  # fmt: skip
    return low + _over()


def _over() -> list[Warn]:
    rules = ReorderRule.objects.filter(rule="min_max", reorder_to__gt=0).select_related("item", "warehouse")
    levels = {(row.item_id, row.warehouse_id): row.quantity for row in Level.objects.filter(quantity__gt=0)}
    return [
        Warn(type="over", item=rule.item.code, name=rule.item.name, warehouse=rule.warehouse.code,
             quantity=quantity, limit=rule.reorder_to)
        for rule in rules.order_by("item__code_key", "warehouse__code_key", "id")
        if (quantity := levels.get((rule.item_id, rule.warehouse_id), ZERO)) > rule.reorder_to
    ]  # fmt: skip


def _lots(today: date) -> list[Warn]:
    return [
        Warn(type="expired" if row.lot.expires_on < today else "expiring", item=row.item.code, name=row.item.name,
             warehouse=row.warehouse.code, lot=row.lot.code, quantity=row.quantity, on=row.lot.expires_on)
        for row in reports.expiry(since=None, until=today + board.SOON)
        if row.lot is not None and row.lot.expires_on is not None
    ]  # fmt: skip


def _slow(today: date) -> list[Warn]:
    return [
        Warn(type="slow", item=row.item.code, name=row.item.name, quantity=row.quantity, on=row.last_on)
        for row in reports.slow(since=today - SLOW_AFTER, today=today)
    ]


def _late(today: date) -> list[Warn]:
    found: list[Warn] = []
    for side, kind in ((SALES, "late_shipment"), (PURCHASES, "late_receipt")):
        rows: Any = side.line.objects.filter(
            order__state__in=board.OPEN_STATES, closed=False, done__lt=F("quantity"), due_on__lt=today
        ).select_related("order", "item", "warehouse")
        found += [
            Warn(type=kind, item=row.item.code, name=row.item.name, quantity=row.quantity - row.done, on=row.due_on,
                 warehouse=row.warehouse.code if row.warehouse else "", document=row.order.number)
            for row in rows.order_by("due_on", "id")
        ]  # fmt: skip
    return found
