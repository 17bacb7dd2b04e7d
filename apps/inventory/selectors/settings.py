"""Settings of stock as they stand, and the months that are closed or open."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Min
from django.utils.timezone import localdate

from apps.inventory.models import ItemSettings, Period, ReorderRule, StockMove, StockSettings


def company() -> StockSettings:
    """The company's one row; the defaults where it was never written."""
    return StockSettings.objects.filter(pk=StockSettings.ONLY).first() or StockSettings()


def first_open_day(settings: StockSettings) -> date | None:
    """The day after the last closed month; None while nothing is closed."""
    return settings.closed_through + timedelta(days=1) if settings.closed_through else None


def of_item(item_id: int) -> ItemSettings:
    """The item's own row; an unsaved one with the defaults where it has none."""
    return ItemSettings.objects.filter(item_id=item_id).first() or ItemSettings(item_id=item_id, version=0)


def rules_of(item_id: int) -> list[ReorderRule]:
    """Reorder rules of an item by warehouse."""
    rows = ReorderRule.objects.filter(item_id=item_id).select_related("warehouse", "supplier")
    return list(rows.order_by("warehouse__code_key", "id"))


def months(*, at: datetime) -> list[Any]:
    """Open months (as mappings) from this one back, then the closed ones (as rows), newest first."""
    closed = list(Period.objects.order_by("-month"))
    first = _after(closed[0].month) if closed else _first_month(at)
    found: list[Any] = []
    month = first
    while month <= localdate(at).replace(day=1):
        found.append({"month": f"{month:%Y-%m}", "state": "open", "quantity_rows": None, "value": None})
        month = _after(month)
    return [*reversed(found), *closed]


def _first_month(at: datetime) -> date:
    earliest = StockMove.objects.aggregate(first=Min("moved_on"))["first"]
    return (earliest or localdate(at)).replace(day=1)


def _after(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
