"""What stock is told of an order: what it will bring, and what it will still take."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from apps.production import links
from apps.production.models import WorkOrder, WorkOrderMaterial
from apps.production.services.order_locks import materials_of
from tenants.rights import Member

WORKING = (WorkOrder.State.RELEASED, WorkOrder.State.STARTED, WorkOrder.State.ON_HOLD)


def push_plan(order: WorkOrder) -> None:
    """Tell inventory the order's open receipt and open material; an order that is over has neither."""
    working = order.state in WORKING
    coming = order.quantity - order.scrap - order.received if working else Decimal(0)
    expected = [links.Planned("1", order.item_id, coming, order.due_on, _warehouse(order))] if coming > 0 else []
    due = order.start_on or order.due_on
    needs = [links.Planned(str(row.line), row.item_id, row.open, due) for row in materials_of(order) if row.open > 0]
    links.push(order=order.number, expected=expected, commitments=needs if working else [])


def reserve_material(order: WorkOrder, *, actor: Member, at: datetime) -> None:
    """Keep what the order still takes out of others' reach. Raises `not_enough_available`."""
    lines = [
        links.Planned(str(row.line), row.item_id, row.open, order.due_on) for row in materials_of(order) if row.open > 0
    ]
    links.reserve(order=order.number, lines=lines, actor=actor, at=at)


def let_go(order: WorkOrder, materials: Sequence[WorkOrderMaterial], *, actor: Member, at: datetime) -> None:
    """What is reserved for the order and not needed any more is anybody's again."""
    needed: dict[int, Decimal] = {}
    for row in materials if order.state in WORKING else ():
        needed[row.item_id] = needed.get(row.item_id, Decimal(0)) + row.open
    links.let_go(order=order.number, needed=needed, actor=actor, at=at)


def _warehouse(order: WorkOrder) -> str:
    return order.warehouse.code if order.warehouse is not None else ""
