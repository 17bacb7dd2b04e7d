"""Demands and planning parameters as rows of values: a plan reads all of them, and a model around each is slow."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F

from apps.production.models import Demand, PlanningData


class DemandRow(NamedTuple):
    """An open demand; `open` is what is still wanted."""

    id: int
    item_id: int
    open: Decimal
    due_on: date
    priority: int
    source_kind: str
    source_number: str
    source_line: int | None
    make_to_order: bool


class Parameters(NamedTuple):
    """计划参数 of an item, the columns of `PlanningData`; the defaults are those of an item without any."""

    item_id: int = 0
    lot_rule: str = PlanningData.LotRule.L4L.value
    fixed_quantity: Decimal | None = None
    min_lot: Decimal | None = None
    max_lot: Decimal | None = None
    multiple: Decimal | None = None
    period_days: int = 0
    order_cost: Decimal = Decimal(0)
    holding_cost: Decimal = Decimal(0)
    annual_demand: Decimal = Decimal(0)
    lead_days: int = 0
    safety_stock: Decimal = Decimal(0)
    tolerance_days: int = 0
    source: str = ""
    supplier_id: int | None = None


def open_demands(until: date) -> list[DemandRow]:
    """Open demands due by `until`, by id."""
    rows = Demand.objects.filter(state=Demand.State.OPEN, due_on__lte=until).order_by("id")
    columns = ("id", "item_id", F("quantity") - F("fulfilled"), *DemandRow._fields[3:])
    return [DemandRow._make(row) for row in rows.values_list(*columns)]


def parameters() -> dict[int, Parameters]:
    """{item: its parameters}."""
    rows = PlanningData.objects.order_by("item_id").values_list(*Parameters._fields)
    return {row[0]: Parameters._make(row) for row in rows}
