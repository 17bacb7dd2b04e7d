"""Shapes of what engineering and planning answer."""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers

from apps.masterdata import public as masterdata
from apps.production.api.base import plain
from apps.production.models import (
    Bom,
    BomLine,
    Demand,
    PlanMessage,
    PlannedOrder,
    PlanningData,
    PlanReceipt,
    PlanRun,
    ProductionSettings,
    StockEntry,
)
from apps.production.selectors.message_texts import text_of
from apps.production.selectors.plans import ItemPlan, PegEdge

Json = dict[str, Any]


def shaped(shape: Callable[[Any], Json]) -> type[serializers.BaseSerializer[Any]]:
    """A serializer that prints rows with `shape(row)`."""

    class Output(serializers.BaseSerializer[Any]):
        def to_representation(self, row: Any) -> Json:
            return shape(row)

    return Output


def settings(row: ProductionSettings) -> Json:
    return {
        "plan_calendar": row.plan_calendar,
        "report_tolerance": plain(row.report_tolerance),
        "horizon_days": row.horizon_days,
        "time_limit_s": row.time_limit_s,
        "workers": row.workers,
        "overhead_rate": plain(row.overhead_rate),
        "hold_partial": row.hold_partial,
        "version": row.version,
    }


def bom(row: Bom) -> Json:
    return {
        "id": row.pk,
        "item": row.item.code,
        "name": row.item.name,
        "version": row.version,
        "base_quantity": plain(row.base_quantity),
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "state": row.state,
        "is_used": row.is_used,
        "version_no": row.version_no,
        "lines": [bom_line(line) for line in row.lines.all()],
    }


def bom_line(row: BomLine) -> Json:
    return {
        "line": row.line,
        "component": row.component.code,
        "name": row.component.name,
        "quantity": plain(row.quantity),
        "unit": row.unit or row.component.stock_unit.code,
        "scrap_rate": plain(row.scrap_rate),
        "fixed_quantity": plain(row.fixed_quantity),
        "phantom": row.phantom,
        "operation": row.operation,
        "backflush": row.backflush,
        "alternates": [
            {"item": one.item.code, "ratio": plain(one.ratio), "priority": one.priority} for one in row.alternates.all()
        ],
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }


def planning_data(row: PlanningData) -> Json:
    supplier = row.supplier.code if row.supplier else None
    return {"item": row.item.code, **_parameters(row), "supplier": supplier, "version": row.version}


def default_planning_data(code: str) -> Json:
    """The parameters of an item that has none of its own."""
    return {"item": code, **_parameters(PlanningData()), "supplier": None, "version": 0}


def _parameters(row: PlanningData) -> Json:
    return {
        "lot_rule": row.lot_rule,
        "fixed_quantity": plain(row.fixed_quantity),
        "min_lot": plain(row.min_lot),
        "max_lot": plain(row.max_lot),
        "multiple": plain(row.multiple),
        "period_days": row.period_days,
        "order_cost": plain(row.order_cost),
        "holding_cost": plain(row.holding_cost),
        "annual_demand": plain(row.annual_demand),
        "lead_days": row.lead_days,
        "tolerance_days": row.tolerance_days,
        "safety_stock": plain(row.safety_stock),
        "source": row.source or None,
    }


def demand(row: Demand) -> Json:
    return {
        "id": row.pk,
        "item": row.item.code,
        "quantity": plain(row.quantity),
        "open": plain(row.open),
        "due_on": row.due_on,
        "kind": row.kind,
        "priority": row.priority,
        "state": row.state,
        "reference": row.reference,
        "sales_order": row.source_number or None,
        "sales_line": row.source_line,
        "make_to_order": row.make_to_order,
        "version": row.version,
    }


def stock_entry(row: StockEntry) -> Json:
    return {"item": row.item.code, "quantity": plain(row.quantity), "entered_at": row.entered_at}


def run(row: PlanRun) -> Json:
    return {
        "id": row.pk,
        "state": row.state,
        "start_on": row.start_on,
        "horizon_days": row.horizon_days,
        "scenario": row.scenario,
        "is_current": row.is_current,
        "items": row.items,
        "orders": row.orders,
        "messages": row.messages,
        "progress": 100 if row.state == PlanRun.State.DONE else 0,
        "seconds": None if row.seconds is None else float(row.seconds),
        "error": row.error or None,
    }


def planned_order(row: PlannedOrder) -> Json:
    return {
        "id": row.pk,
        "item": row.item.code,
        "kind": row.kind,
        "quantity": plain(row.quantity),
        "release_on": row.release_on,
        "due_on": row.due_on,
        "past_due_days": row.past_due_days,
        "level": row.level,
        "released_as": row.released_as or None,
    }


def item_plan(found: ItemPlan) -> Json:
    return {
        "item": found.item.code,
        "kind": found.kind,
        "on_hand": plain(found.on_hand),
        "safety_stock": plain(found.safety_stock),
        "level": found.level,
        "rows": [
            {
                "on": day.on,
                "gross": plain(day.gross),
                "scheduled": plain(day.scheduled),
                "planned_receipt": plain(day.planned_receipt),
                "planned_release": plain(day.planned_release),
                "projected": plain(day.projected),
            }
            for day in found.rows
        ],
    }


def message(row: PlanMessage) -> Json:
    order = {"kind": row.order_kind, "number": row.order_number} if row.order_number else None
    return {
        "code": row.code,
        "item": row.item.code,
        "order": order,
        "from": row.from_on,
        "to": row.to_on,
        "days": row.days,
        "text": text_of(row),
    }


def peg(edge: PegEdge, items: dict[int, masterdata.ItemInfo], receipts: dict[int, PlanReceipt]) -> Json:
    receipt = receipts.get(edge.supply_id) if edge.supply_kind == "receipt" else None
    supply: Json = {"kind": edge.supply_kind, "id": edge.supply_id or None, "on": edge.supply_on}
    if receipt is not None:
        supply |= {"order": {"kind": receipt.kind, "number": receipt.number}}
    return {
        "item": items[edge.item_id].code,
        "requirement": {
            "kind": edge.need_kind,
            "id": edge.need_id or None,
            "on": edge.need_on,
            "quantity": plain(edge.need_quantity),
        },
        "supply": supply,
        "quantity": plain(edge.quantity),
    }
