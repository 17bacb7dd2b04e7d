"""Work orders as lists and pages show them; every order of rows is total."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Prefetch, Q, QuerySet

from apps.masterdata import public as masterdata
from apps.production.models import WorkOrder, WorkOrderMaterial, WorkOrderStep
from apps.production.services.shop_refusals import order_unknown

ORDERINGS = {
    "": ("-id",),
    "number": ("number", "id"),
    "-number": ("-number", "-id"),
    "due_on": ("due_on", "priority", "id"),
    "-due_on": ("-due_on", "-id"),
    "priority": ("priority", "due_on", "id"),
    "id": ("id",),
    "-id": ("-id",),
}


@dataclass(frozen=True, kw_only=True)
class OrderFilter:
    """What a list asks for; `late_on` = open orders due before that day."""

    item: str = ""
    states: tuple[str, ...] = ()
    search: str = ""
    due_from: date | None = None
    due_to: date | None = None
    sales_order: str = ""
    ordering: str = ""
    late_on: date | None = None


def listed(wanted: OrderFilter) -> QuerySet[WorkOrder]:
    """The orders that meet the filter, newest first unless ordered otherwise."""
    rows = WorkOrder.objects.select_related("item", "warehouse", "bom", "routing")
    for condition in _conditions(wanted):
        rows = rows.filter(condition)
    return rows.order_by(*ORDERINGS.get(wanted.ordering, ("-id",)))


def _conditions(wanted: OrderFilter) -> list[Q]:
    found = []
    if wanted.item:
        item = masterdata.item_by_code(wanted.item)
        found.append(Q(item_id=item.id if item else 0))
    if wanted.states:
        found.append(Q(state__in=wanted.states))
    if wanted.search:
        found.append(_search(wanted.search))
    if wanted.due_from:
        found.append(Q(due_on__gte=wanted.due_from))
    if wanted.due_to:
        found.append(Q(due_on__lte=wanted.due_to))
    if wanted.sales_order:
        found.append(Q(sales_order=wanted.sales_order))
    if wanted.late_on:
        found.append(Q(state__in=WorkOrder.OPEN, due_on__lt=wanted.late_on))
    return found


def _search(text: str) -> Q:
    own = Q(number__icontains=text) | Q(reference__icontains=text) | Q(sales_order__icontains=text)
    return own | Q(item__code__icontains=text) | Q(item__name__icontains=text)


def with_lines(rows: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """Steps and materials with what they print."""
    steps = WorkOrderStep.objects.select_related("work_centre").order_by("seq")
    materials = WorkOrderMaterial.objects.select_related("item__stock_unit").order_by("line")
    return rows.prefetch_related(Prefetch("steps", steps), Prefetch("materials", materials))


def one(order_id: int) -> WorkOrder:
    """One order with its lines. Raises NotFound."""
    rows = WorkOrder.objects.select_related("item__stock_unit", "warehouse", "bom", "routing")
    found = with_lines(rows).filter(pk=order_id).first()
    if found is None:
        raise order_unknown()
    return found


def id_of(text: str) -> int:
    """The order that a path names by id or by number. Raises NotFound."""
    if text.isascii() and text.isdigit() and len(text) <= 18:
        found = WorkOrder.objects.filter(pk=int(text)).values_list("pk", flat=True).first()
        if found is not None:
            return found
    return id_named(text)


def id_named(named: int | str) -> int:
    """The order that a body names: a number (text) first, else an id. Raises NotFound."""
    rows = WorkOrder.objects.order_by("id").values_list("pk", flat=True)
    text = str(named)
    found = None if isinstance(named, int) else rows.filter(number=text).first()
    if found is None and text.isascii() and text.isdigit() and len(text) <= 18:
        found = rows.filter(pk=int(text)).first()
    if found is None:
        raise order_unknown()
    return found


def state_counts(wanted: OrderFilter) -> dict[str, int]:
    """{state: orders} of the filter without its states, for the segment above the list."""
    plain = OrderFilter(**{**wanted.__dict__, "states": (), "ordering": "id"})
    rows = listed(plain).order_by("state").values_list("state").annotate(n=Count("id"))
    return dict(rows)


def jobs(*, limit: int) -> list[WorkOrderStep]:
    """Steps that may be reported now, the most urgent order first: pieces came in and are not reported yet."""
    rows = WorkOrderStep.objects.select_related("order__item", "work_centre")
    running = rows.filter(order__state__in=(WorkOrder.State.RELEASED, WorkOrder.State.STARTED))
    waiting = running.filter(input__gt=F("good") + F("scrap"))
    return list(waiting.order_by("planned_start", "order__priority", "order__due_on", "order_id", "seq")[:limit])


def next_step(order_id: int) -> WorkOrderStep | None:
    """The first step of an order that still has pieces to report."""
    rows = WorkOrderStep.objects.filter(order_id=order_id, input__gt=F("good") + F("scrap"))
    return rows.order_by("seq").first()
