"""What stock is told of an order: what it will bring, and what it will still take."""

from decimal import Decimal

from apps.production import links
from apps.production.models import WorkOrder
from apps.production.services.order_locks import materials_of

WORKING = (WorkOrder.State.RELEASED, WorkOrder.State.STARTED, WorkOrder.State.ON_HOLD)


def push_plan(order: WorkOrder) -> None:
    """Tell inventory the order's open receipt and open material; an order that is over has neither."""
    working = order.state in WORKING
    coming = order.quantity - order.scrap - order.received if working else Decimal(0)
    expected = [links.Planned("1", order.item_id, coming, order.due_on, _warehouse(order))] if coming > 0 else []
    due = order.start_on or order.due_on
    needs = [links.Planned(str(row.line), row.item_id, row.open, due) for row in materials_of(order) if row.open > 0]
    links.push(order=order.number, expected=expected, commitments=needs if working else [])


def _warehouse(order: WorkOrder) -> str:
    return order.warehouse.code if order.warehouse is not None else ""
