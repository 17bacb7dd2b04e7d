"""Schedules and their steps as pages and the API read them."""

from datetime import datetime

from django.db.models import QuerySet

from apps.production.domain.codes import code_key
from apps.production.models import Schedule, ScheduledStep
from apps.production.services.plan_refusals import absent


def runs() -> QuerySet[Schedule]:
    """The newest first."""
    return Schedule.objects.order_by("-id")


def run_at(run_id: int) -> Schedule:
    """Raises NotFound."""
    found = Schedule.objects.filter(pk=run_id).first()
    if found is None:
        raise absent()
    return found


def published() -> Schedule | None:
    """The plan in force."""
    return Schedule.objects.filter(is_published=True).first()


def steps(
    schedule: Schedule | None, *, work_centre: str = "", start: datetime | None = None, end: datetime | None = None
) -> QuerySet[ScheduledStep]:
    """Steps by start, place and id; `start` and `end` narrow to what lies between at least partly."""
    rows = ScheduledStep.objects.filter(schedule=schedule).select_related("work_centre")
    if work_centre:
        rows = rows.filter(work_centre__code_key=code_key(work_centre))
    if start is not None:
        rows = rows.filter(end_at__gte=start)
    if end is not None:
        rows = rows.filter(start_at__lte=end)
    return rows.order_by("start_at", "work_centre__code_key", "unit", "id")
