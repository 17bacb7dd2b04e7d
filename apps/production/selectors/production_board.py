"""Figures of the first page of production."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from apps.production.models import Demand, PlanMessage, PlannedOrder
from apps.production.selectors import plans

WEEK = timedelta(days=7)
FEW = 8


def board(today: date) -> dict[str, Any]:
    """Late and soon due demands, urgent messages and what is to be released by today."""
    run = plans.current_run()
    demands = Demand.objects.filter(state=Demand.State.OPEN)
    counted = demands.aggregate(
        late=Count("id", filter=Q(due_on__lt=today)), soon=Count("id", filter=Q(due_on__range=(today, today + WEEK)))
    )
    found: dict[str, Any] = {"run": run, "today": today, **counted, "messages": [], "release_now": 0, "urgent": 0}
    found["due"] = list(demands.filter(due_on__lte=today + WEEK).select_related("item").order_by("due_on", "id")[:FEW])
    if run is None:
        return found
    urgent = PlanMessage.objects.filter(run=run, code__in=("late_demand", "past_due", "reschedule_in", "no_bom"))
    found["urgent"] = urgent.count()
    found["messages"] = list(urgent.select_related("item").order_by("code", "id")[:FEW])
    found["release_now"] = PlannedOrder.objects.filter(run=run, released_as="", release_on__lte=today).count()
    return found
