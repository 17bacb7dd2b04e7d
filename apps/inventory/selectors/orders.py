"""Reading orders: lists by every filter, one order with its lines, what is reserved and delivered for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum

from apps.inventory.domain.orders import gross_amount, net_amount
from apps.inventory.models import Reservation
from apps.inventory.services.orders.refusals import unknown_order
from apps.inventory.services.orders.sides import SALES, Side

OPEN_STATES = ("confirmed", "part_shipped", "part_received")
ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class OrderFilter:
    """What a list is narrowed to; None = not at all. `open`: goods are still to come or go."""

    state: str | None = None
    partner_id: int | None = None
    item_id: int | None = None
    since: date | None = None
    until: date | None = None
    due_until: date | None = None
    number: str | None = None
    search: str | None = None
    open: bool | None = None
    late_on: date | None = None


def listed(side: Side, wanted: OrderFilter) -> QuerySet[Any]:
    """Orders, newest first, ready to print with their lines."""
    return with_lines(side, filtered(side, wanted)).order_by("-ordered_on", "-id")


def filtered(side: Side, wanted: OrderFilter) -> QuerySet[Any]:
    """The rows of the filter, in no order."""
    rows = side.order.objects.all()
    plain = {
        "state": wanted.state,
        "partner_id": wanted.partner_id,
        "ordered_on__gte": wanted.since,
        "ordered_on__lte": wanted.until,
        "number": wanted.number,
    }
    rows = rows.filter(**{name: value for name, value in plain.items() if value is not None})
    if wanted.item_id is not None:
        rows = rows.filter(_has_line(side, item_id=wanted.item_id))
    if wanted.open is not None:
        rows = rows.filter(state__in=OPEN_STATES) if wanted.open else rows.exclude(state__in=OPEN_STATES)
    if wanted.due_until is not None:
        rows = rows.filter(state__in=OPEN_STATES).filter(open_line(side, due_on__lte=wanted.due_until))
    if wanted.late_on is not None:
        rows = rows.filter(state__in=OPEN_STATES).filter(open_line(side, due_on__lt=wanted.late_on))
    if wanted.search:
        rows = rows.filter(_matching(wanted.search))
    return rows


def counts(side: Side, wanted: OrderFilter) -> Mapping[str, int]:
    """{state: how many} of the filter without its state; "" = all."""
    rows = filtered(side, OrderFilter(**{**wanted.__dict__, "state": None}))
    found = dict(rows.values_list("state").annotate(n=Count("id")).values_list("state", "n"))
    return {"": sum(found.values()), **{state: found.get(state, 0) for state in side.order.State.values}}


def total(side: Side, wanted: OrderFilter) -> Decimal:
    """Sum of the orders' totals, CNY."""
    return filtered(side, wanted).aggregate(sum=Sum("total"))["sum"] or ZERO


def with_lines(side: Side, rows: QuerySet[Any]) -> QuerySet[Any]:
    """`rows` with partner and lines, items and warehouses read beside them."""
    lines = side.line.objects.select_related("item", "warehouse").order_by("line", "id")
    return rows.select_related("partner").prefetch_related(Prefetch("lines", queryset=lines))


def order_at(side: Side, order_id: int) -> Any:
    """One order ready to print. Raises NotFound."""
    found = with_lines(side, side.order.objects.filter(pk=order_id)).first()
    if found is None:
        raise unknown_order()
    return found


def reserved_for(numbers: Iterable[str] | None) -> dict[tuple[str, int], Decimal]:
    """{(order number, line): stock units reserved} of these sales orders, None = of all; one query."""
    active = Reservation.objects.filter(for_kind=SALES.kind, state=Reservation.State.ACTIVE)
    active = active if numbers is None else active.filter(for_number__in=set(numbers))
    rows = active.values_list("for_number", "for_line", "quantity", "used")
    found: dict[tuple[str, int], Decimal] = {}
    for number, line, quantity, used in rows:
        key = (number, int(line or 0))
        found[key] = found.get(key, ZERO) + quantity - used
    return found


def documents_of(side: Side, order_id: int) -> list[Any]:
    """Shipments, receipts and returns of an order, oldest first: fulfilments with their documents."""
    rows = side.fulfilment.objects.filter(line__order_id=order_id).select_related("document", "line__item")
    return list(rows.order_by("document_id", "document_line", "id"))


@dataclass(frozen=True)
class Sums:
    """Net and gross value of an order, CNY."""

    net: Decimal
    gross: Decimal


def sums_of(order: Any) -> Sums:
    """Line by line, each half up to the fen."""
    lines, includes = order.lines.all(), order.price_includes_tax
    net = sum((net_amount(row.amount, row.tax_rate, includes_tax=includes) for row in lines), ZERO)
    gross = sum((gross_amount(row.amount, row.tax_rate, includes_tax=includes) for row in lines), ZERO)
    return Sums(net, gross)


def open_line(side: Side, **more: Any) -> Exists:
    """The order has a line whose goods are still to come or go."""
    return _has_line(side, closed=False, done__lt=F("quantity"), **more)


def _has_line(side: Side, **more: Any) -> Exists:
    return Exists(side.line.objects.filter(order_id=OuterRef("pk"), **more))


def _matching(search: str) -> Q:
    wanted = Q()
    for word in search.split()[:6]:
        wanted &= Q(number__icontains=word) | Q(partner__search_text__contains=word.lower()) | Q(note__icontains=word)
    return wanted
