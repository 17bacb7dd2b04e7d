"""What production has in hand for an item or a sales order, for a corner of the pages of the floors below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.production.models import Demand, PlannedOrder, PlanRun, WorkOrder
from apps.production.selectors.plans import current_run, planned_orders

MOST, HOME = 8, 5


@dataclass(frozen=True)
class Corner:
    """The most urgent open demands, work orders and planned orders; `run` is the proposal they come from."""

    demands: Sequence[Demand]
    orders: Sequence[WorkOrder]
    planned: Sequence[PlannedOrder]
    run: PlanRun | None = None


def orders_in_hand(today: date) -> list[dict[str, Any]]:
    """{order, percent done, is_late} of the open work orders that are due first."""
    rows = WorkOrder.objects.filter(state__in=WorkOrder.OPEN).select_related("item")
    return [
        {
            "order": order,
            "percent": min(100, int(100 * order.good / order.quantity)) if order.quantity else 0,
            "is_late": order.due_on < today,
        }
        for order in rows.order_by("due_on", "priority", "id")[:HOME]
    ]


def of_item(item_id: int) -> Corner:
    """What is wanted, made and proposed of an item."""
    run = current_run()
    planned = planned_orders(run, item_id=item_id).filter(released_as="") if run else PlannedOrder.objects.none()
    demands = Demand.objects.filter(item_id=item_id, state=Demand.State.OPEN)
    orders = WorkOrder.objects.filter(item_id=item_id, state__in=WorkOrder.OPEN)
    return Corner(
        list(demands.select_related("item").order_by("due_on", "priority", "id")[:MOST]),
        list(orders.select_related("item").order_by("due_on", "priority", "id")[:MOST]),
        list(planned[:MOST]),
        run,
    )


def of_sales_order(number: str) -> Corner:
    """What became of the lines of a sales order, and the work orders made for them."""
    demands = Demand.objects.filter(source_kind="sales_order", source_number=number)
    orders = WorkOrder.objects.filter(sales_order=number).exclude(state=WorkOrder.State.CANCELLED)
    return Corner(
        list(demands.select_related("item").order_by("source_line", "id")[:MOST]),
        list(orders.select_related("item").order_by("due_on", "priority", "id")[:MOST]),
        (),
    )
