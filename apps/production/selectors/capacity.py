"""Calendars, work centres and routings as pages and the API read them."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from apps.production.domain.codes import code_key
from apps.production.models import Calendar, CalendarException, CalendarShift, Routing, RoutingStep, WorkCentre
from apps.production.services.plan_refusals import absent


def calendars(search: str = "") -> QuerySet[Calendar]:
    """By code, shifts and exceptions at hand."""
    rows = Calendar.objects.prefetch_related(
        Prefetch("shifts", CalendarShift.objects.order_by("from_minute")),
        Prefetch("exceptions", CalendarException.objects.order_by("on")),
    )
    if search:
        rows = rows.filter(Q(code__icontains=search) | Q(name__icontains=search))
    return rows.order_by("code_key", "id")


def work_centres(search: str = "", kind: str = "") -> QuerySet[WorkCentre]:
    rows = WorkCentre.objects.select_related("calendar")
    if search:
        rows = rows.filter(Q(code__icontains=search) | Q(name__icontains=search))
    if kind:
        rows = rows.filter(kind=kind)
    return rows.order_by("code_key", "id")


def routings(*, item_id: int | None = None, state: str = "", search: str = "") -> QuerySet[Routing]:
    """By item, the newest version first, with steps."""
    rows = Routing.objects.select_related("item").prefetch_related(
        Prefetch("steps", RoutingStep.objects.select_related("work_centre").order_by("seq"))
    )
    if item_id is not None:
        rows = rows.filter(item_id=item_id)
    if state:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(Q(item__code__icontains=search) | Q(item__name__icontains=search))
    return rows.order_by("item__code_key", "item_id", "-id")


def found(rows: QuerySet[Any], code: str) -> Any:
    """One record by code, or by id when no code is like it. Raises NotFound."""
    row = rows.filter(code_key=code_key(code)).first()
    if row is None and code.isascii() and code.isdigit() and len(code) <= 18:
        row = rows.filter(pk=int(code)).first()
    if row is None:
        raise absent()
    return row


def routing_at(routing_id: int) -> Routing:
    """Raises NotFound."""
    row = routings().filter(pk=routing_id).first()
    if row is None:
        raise absent()
    return row
