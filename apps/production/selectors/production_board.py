"""Figures of the first page of production."""

from datetime import date, timedelta
from typing import Any

from apps.production.models import Demand, PlanMessage, PlannedOrder, WorkOrder
from apps.production.selectors import plans

WEEK = timedelta(days=7)
FEW = 8


def board(today: date) -> dict[str, Any]:
    """Late and soon due demands, urgent messages and what is to be released by today."""
    run = plans.current_run()
    demands = Demand.objects.filter(state=Demand.State.OPEN)
    late = demands.filter(due_on__lt=today).count()
    found: dict[str, Any] = {"run": run, "today": today, "late": late, "alerts": [], "release_now": 0, "urgent": 0}
    found["due"] = list(demands.filter(due_on__lte=today + WEEK).select_related("item").order_by("due_on", "id")[:FEW])
    found |= _orders(today)
    if run is None:
        return found
    urgent = PlanMessage.objects.filter(run=run, code__in=("late_demand", "past_due", "reschedule_in", "no_bom"))
    found["urgent"] = urgent.count()
    found["alerts"] = list(urgent.select_related("item").order_by("code", "id")[:FEW])
    found["release_now"] = PlannedOrder.objects.filter(run=run, released_as="", release_on__lte=today).count()
    return found


def _orders(today: date) -> dict[str, Any]:
    """Work orders that are late, and those to be worked on today."""
    late = WorkOrder.objects.filter(state__in=WorkOrder.OPEN, due_on__lt=today)
    now = WorkOrder.objects.filter(state__in=WorkOrder.OPEN, start_on__lte=today).select_related("item")
    return {"late_orders": late.count(), "orders": list(now.order_by("priority", "due_on", "id")[:FEW])}
