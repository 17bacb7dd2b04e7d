"""What production has in hand for an item or a sales order, for a corner of the pages of the floors below."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.production.models import Demand, PlannedOrder, PlanRun, WorkOrder
from apps.production.selectors.plans import current_run, planned_orders

MOST = 8


@dataclass(frozen=True)
class Corner:
    """The most urgent open demands, work orders and planned orders; `run` is the proposal they come from."""

    demands: Sequence[Demand]
    orders: Sequence[WorkOrder]
    planned: Sequence[PlannedOrder]
    run: PlanRun | None = None


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
