"""Figures of the first page of production."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from apps.production.models import Demand, PlanMessage, WorkOrder
from apps.production.selectors import plans
from kernel.figures import Statement, written
from kernel.memo import remembered

WEEK = timedelta(days=7)
FEW = 8
URGENT = ("late_demand", "past_due", "reschedule_in", "no_bom")


@remembered
def figures(today: date) -> dict[str, int]:
    """In one query: `late` open demands past their day, `late_orders`, `due_orders` within a week, `urgent`
    messages of the proposal in force, `release_now` planned orders to be released by today.
    """
    return _figures(today).ask()


@lru_cache(maxsize=2)
def _figures(today: date) -> Statement:
    orders = WorkOrder.objects.filter(state__in=WorkOrder.OPEN)
    return written(
        counts={
            "late": Demand.objects.filter(state=Demand.State.OPEN, due_on__lt=today),
            "late_orders": orders.filter(due_on__lt=today),
            "due_orders": orders.filter(due_on__range=(today, today + WEEK)),
            "urgent": PlanMessage.objects.filter(run__is_current=True, code__in=URGENT),
            "release_now": plans.to_release_now(today),
        }
    )


def board(today: date) -> dict[str, Any]:
    """Late and soon due demands, urgent messages and what is to be released by today."""
    run = plans.current_run()
    demands = Demand.objects.filter(state=Demand.State.OPEN)
    found: dict[str, Any] = {"run": run, "today": today, "alerts": [], **figures(today)}
    found["due"] = list(demands.filter(due_on__lte=today + WEEK).select_related("item").order_by("due_on", "id")[:FEW])
    now = WorkOrder.objects.filter(state__in=WorkOrder.OPEN, start_on__lte=today).select_related("item")
    found["orders"] = list(now.order_by("priority", "due_on", "id")[:FEW])
    if run is None:
        return found
    urgent = PlanMessage.objects.filter(run=run, code__in=URGENT)
    found["alerts"] = list(urgent.select_related("item").order_by("code", "id")[:FEW])
    return found
