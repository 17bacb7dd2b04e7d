"""可承诺量 for many items at once, expected receipts and commitments."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db.models import F, Q

from apps.inventory.domain.promising import curve, earliest
from apps.inventory.models import Commitment, ExpectedReceipt, Reservation
from apps.inventory.records import AtpDay, Availability, PromiseView, ReservationView, Source
from apps.inventory.selectors.stock import on_hand

ZERO = Decimal(0)


def expected(items: Iterable[int] | None = None) -> list[PromiseView]:
    """Open expected receipts by item, day and id."""
    rows = ExpectedReceipt.objects.filter(received__lt=F("quantity"))
    rows = rows if items is None else rows.filter(item_id__in=list(items))
    return [
        PromiseView(
            item_id=row.item_id, warehouse_id=row.warehouse_id, open=row.quantity - row.received, due_on=row.due_on,
            source=_source(row), firm=row.firm,
        )
        for row in rows.order_by("item_id", "due_on", "id")
    ]  # fmt: skip


def commitments(items: Iterable[int] | None = None) -> list[PromiseView]:
    """Open commitments by item, day and id."""
    rows = Commitment.objects.filter(done__lt=F("quantity"))
    rows = rows if items is None else rows.filter(item_id__in=list(items))
    return [
        PromiseView(
            item_id=row.item_id, warehouse_id=row.warehouse_id, open=row.quantity - row.done, due_on=row.due_on,
            source=_source(row),
        )
        for row in rows.order_by("item_id", "due_on", "id")
    ]  # fmt: skip


def _source(row: ExpectedReceipt | Commitment) -> Source:
    return Source(kind=row.source_kind, number=row.source_number, line=row.source_line)


def availability(
    items: Iterable[int],
    *,
    today: date,
    at: datetime,
    warehouse_id: int | None = None,
    quantity: Decimal | None = None,
) -> dict[int, Availability]:
    """{item: ATP curve}; with `quantity` also the earliest day for it. Four queries however many items.

    A reservation for a line that is committed anyway counts once, as the commitment.
    """
    ids = list(dict.fromkeys(items))
    stock: dict[int, Decimal] = defaultdict(Decimal)
    for row in on_hand(ids, today=today):
        if warehouse_id is None or row.warehouse_id == warehouse_id:
            stock[row.item_id] += row.usable
    incoming = _by_item(expected(ids), warehouse_id)
    outgoing = _by_item(commitments(ids), warehouse_id)
    kept = _reserved(ids, at, warehouse_id)
    return {
        item: _availability(item, today, stock[item], kept.get(item, []), incoming[item], outgoing[item], quantity)
        for item in ids
    }


def _by_item(rows: Sequence[PromiseView], warehouse_id: int | None) -> dict[int, list[PromiseView]]:
    found: dict[int, list[PromiseView]] = defaultdict(list)
    for row in rows:
        if warehouse_id is None or row.warehouse_id in (None, warehouse_id):
            found[row.item_id].append(row)
    return found


def active_reservations(at: datetime) -> Q:
    """What still holds at that moment."""
    return Q(state=Reservation.State.ACTIVE) & (Q(until=None) | Q(until__gt=at))


def held(*, at: datetime, items: Iterable[int] | None = None, source: Source | None = None) -> list[ReservationView]:
    """Reservations that still hold, oldest first: of these items, for this kind and number."""
    rows = Reservation.objects.filter(active_reservations(at))
    if items is not None:
        rows = rows.filter(item_id__in=list(items))
    if source is not None:
        rows = rows.filter(for_kind=source.kind, for_number=source.number)
    return [reservation_view(row, at=at) for row in rows.select_related("item", "warehouse", "lot").order_by("id")]


def _reserved(items: Sequence[int], at: datetime, warehouse_id: int | None) -> dict[int, list[Reservation]]:
    rows = Reservation.objects.filter(active_reservations(at), item_id__in=items)
    rows = rows.filter(warehouse_id=warehouse_id) if warehouse_id is not None else rows
    found: dict[int, list[Reservation]] = defaultdict(list)
    for row in rows.order_by("id"):
        found[row.item_id].append(row)
    return found


def _availability(
    item: int,
    today: date,
    stock: Decimal,
    kept: Sequence[Reservation],
    incoming: Sequence[PromiseView],
    outgoing: Sequence[PromiseView],
    quantity: Decimal | None,
) -> Availability:
    committed = {(row.source.kind, row.source.number, row.source.line): row.open for row in outgoing}
    reserved = sum((row.quantity - row.used for row in kept), ZERO)
    undated = ZERO
    for row in kept:
        key = (row.for_kind, row.for_number, row.for_line)
        part = row.quantity - row.used
        covered = min(part, committed.get(key, ZERO))
        if key in committed:
            committed[key] -= covered
        undated += part - covered
    days = curve(
        today=today, on_hand=stock, reserved=undated, expected=[(row.due_on, row.open) for row in incoming],
        committed=[(row.due_on, row.open) for row in outgoing],
    )  # fmt: skip
    return Availability(
        item_id=item, on_hand=stock, reserved=reserved, available=max(stock - reserved, ZERO),
        expected=sum((row.open for row in incoming), ZERO), committed=sum((row.open for row in outgoing), ZERO),
        days=tuple(
            AtpDay(on=day.on, incoming=day.incoming, outgoing=day.outgoing, projected=day.projected, atp=day.atp)
            for day in days
        ),
        earliest=earliest(days, quantity) if quantity is not None else None,
    )  # fmt: skip


def reservation_view(row: Reservation, *, at: datetime | None = None) -> ReservationView:
    """A reservation as others see it (`item`, `warehouse`, `lot` joined); past `until` it has expired, swept or not."""
    has_expired = at is not None and row.state == "active" and row.until is not None and row.until <= at
    return ReservationView(
        id=row.pk, item_id=row.item_id, item=row.item.code, warehouse_id=row.warehouse_id,
        warehouse=row.warehouse.code, lot=row.lot.code if row.lot and not row.is_serial else "",
        serial=row.lot.code if row.lot and row.is_serial else "", quantity=row.quantity, used=row.used,
        state="expired" if has_expired else row.state,
        source=Source(kind=row.for_kind, number=row.for_number, line=row.for_line), until=row.until,
    )  # fmt: skip
