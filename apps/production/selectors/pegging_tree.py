"""Edges of a plan in words: who needs, who brings, with the page each leads to."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.production.models import Demand, PlannedOrder, PlanRun
from apps.production.selectors import plans
from apps.production.selectors.plans import PegEdge

DEEPEST = 12
MOST = 300


@dataclass(frozen=True)
class Branch:
    """One spot of a pegging tree. `url` is empty where there is no page."""

    depth: int
    item: str
    words: str
    on: date
    quantity: Decimal
    url: str = ""
    is_late: bool = False


def around_order(order: PlannedOrder) -> dict[str, Any]:
    """`serves`: upward to the demands. `waits`: downward to stock, open orders and planned ones."""
    run = order.run
    return {"serves": _walk(run, order, upward=True), "waits": _walk(run, order, upward=False)}


def _walk(run: PlanRun, order: PlannedOrder, *, upward: bool) -> list[Branch]:
    found: list[Branch] = []
    pending = [(0, order.pk)]
    seen: set[int] = set()
    while pending and len(found) < MOST:
        depth, order_id = pending.pop()
        if order_id in seen or depth >= DEEPEST:
            continue
        seen.add(order_id)
        edges = [edge for edge in plans.edges(run, order_id=order_id) if _belongs(edge, order_id, upward)]
        for edge, branch in zip(edges, _branches(run, edges, depth + 1, upward), strict=True):
            found.append(branch)
            kind, key = (edge.need_kind, edge.need_id) if upward else (edge.supply_kind, edge.supply_id)
            if kind == "planned":
                pending.append((depth + 1, key))
    return found


def _belongs(edge: PegEdge, order_id: int, upward: bool) -> bool:
    if upward:
        return edge.supply_kind == "planned" and edge.supply_id == order_id
    return edge.need_kind == "planned" and edge.need_id == order_id


def of_item(run: PlanRun, item_id: int) -> list[tuple[Branch, Branch]]:
    """(requirement, supply) of every edge of an item, at most MOST."""
    edges = plans.edges(run, item_id=item_id)[:MOST]
    return list(zip(_branches(run, edges, 0, True), _branches(run, edges, 0, False), strict=True))


def _branches(run: PlanRun, edges: list[PegEdge], depth: int, needs: bool) -> list[Branch]:
    items = plans.item_codes({edge.item_id for edge in edges})
    sides = [(edge.need_kind, edge.need_id) if needs else (edge.supply_kind, edge.supply_id) for edge in edges]
    orders = _orders({key for kind, key in sides if kind == "planned"})
    demands = {row.pk: row for row in Demand.objects.filter(pk__in={key for kind, key in sides if kind == "demand"})}
    receipts = plans.receipt_numbers(run, {key for kind, key in sides if kind == "receipt"})
    found = []
    for edge, (kind, key) in zip(edges, sides, strict=True):
        order = orders.get(key) if kind == "planned" else None
        code = order.item.code if order is not None and needs else items[edge.item_id].code
        number = receipts[key].number if kind == "receipt" and key in receipts else ""
        found.append(
            Branch(
                depth,
                code,
                _words(kind, demands.get(key), number),
                edge.need_on if needs else edge.supply_on,
                edge.quantity,
                reverse("production:mrp-order", args=[key]) if order is not None else "",
                order is not None and order.past_due_days > 0,
            )
        )
    return found


def _orders(ids: set[int]) -> dict[int, PlannedOrder]:
    rows = PlannedOrder.objects.filter(pk__in=ids).select_related("item")
    return {row.pk: row for row in rows}


def _words(kind: str, demand: Demand | None, number: str) -> str:
    words = {
        "demand": _("需求"),
        "order": _("工单用料"),
        "planned": _("计划订单"),
        "safety": _("安全库存"),
        "stock": _("现有库存"),
        "receipt": _("在途 %(number)s") % {"number": number},
    }
    if kind == "demand" and demand is not None and demand.reference:
        return _("需求 %(reference)s") % {"reference": demand.reference}
    return words[kind]
