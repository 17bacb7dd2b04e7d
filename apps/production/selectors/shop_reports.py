"""Reports 报工 as lists and cards show them."""

from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from apps.masterdata import public as masterdata
from apps.production.models import Report, WageLine
from kernel.errors import NotFound


def ready() -> QuerySet[Report]:
    """Reports with all they print, newest first."""
    wages = WageLine.objects.select_related("employee").order_by("id")
    rows = Report.objects.select_related("order__item", "step", "work_centre")
    return rows.prefetch_related(Prefetch("wages", wages), "undoings").order_by("-id")


def one(report_id: int) -> Report:
    """Raises NotFound."""
    found = ready().filter(pk=report_id).first()
    if found is None:
        raise NotFound(_("找不到这条报工。"))
    return found


def listed(
    *,
    work_order: str = "",
    seq: int | None = None,
    employee: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Report]:
    """Reports of an order (number or id), a step, a worker and a span of days."""
    rows = ready()
    if work_order:
        is_id = work_order.isascii() and work_order.isdigit() and len(work_order) <= 18
        rows = rows.filter(Q(order__number=work_order) | Q(order_id=int(work_order) if is_id else 0))
    if seq is not None:
        rows = rows.filter(step__seq=seq)
    if employee:
        found = masterdata.employee_by_code(employee)
        rows = rows.filter(workers__contains=[{"employee_id": found.id if found else 0}])
    if since:
        rows = rows.filter(reported_on__gte=since)
    return rows.filter(reported_on__lte=until) if until else rows


def count(since: date, until: date) -> int:
    """Reports of a span of days, undos and what they took back left out."""
    rows = Report.objects.filter(reported_on__range=(since, until), undoes__isnull=True)
    return rows.filter(undoings__isnull=True).count()


def of_member(user_id: int, on: date, *, limit: int = 20) -> list[Report]:
    """What a member reported, or took part in, on a day; newest first."""
    own = masterdata.employee_of_member(user_id)
    mine = Q(reported_by_id=user_id)
    if own is not None:
        mine |= Q(workers__contains=[{"employee_id": own.id}])
    return list(ready().filter(mine, reported_on=on)[:limit])
