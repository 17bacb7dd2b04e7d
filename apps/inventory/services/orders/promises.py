"""What an order promises: commitments of sales, expected receipts of purchases, reservations; in stock units."""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.inventory.domain.orders import Done
from apps.inventory.models import Reservation
from apps.inventory.records import PromiseRow, Source
from apps.inventory.services import promises, reservations
from apps.inventory.services.orders.refusals import OrderClosed
from apps.inventory.services.orders.sides import SALES, Side
from apps.masterdata import public as masterdata
from kernel.errors import Invalid
from tenants.rights import Member

ANNOUNCED = "-asn"  # the announced part of a purchase line is a promise of its own, due on another day
STEP = Decimal("0.0001")
ZERO = Decimal(0)


def push(side: Side, order: Any, lines: Sequence[Any]) -> None:
    """Write anew what `order` promises; nothing any more once it is closed, cancelled or done."""
    source = Source(kind=side.kind, number=order.number)
    is_open = order.state not in (order.State.DRAFT, order.State.CLOSED, order.State.CANCELLED)
    rows = [promise for row in lines if row.item.is_stocked for promise in _rows(side, row)] if is_open else []
    put = promises.put_commitments if side.sells else promises.put_expected
    put(source, rows)


def withdraw(side: Side, order: Any) -> None:
    """Nothing is promised any more."""
    put = promises.put_commitments if side.sells else promises.put_expected
    put(Source(kind=side.kind, number=order.number), [])


def in_stock_units(row: Any, quantity: Decimal) -> Decimal:
    """`quantity` of a line's unit in stock units, to four decimals: a forecast, never posted."""
    return (quantity * row.stock_quantity / row.quantity).quantize(STEP, ROUND_HALF_UP)


def _rows(side: Side, row: Any) -> list[PromiseRow]:
    rest = Done(row.quantity, row.done, row.closed).open
    announced = min(rest, row.announced) if not side.sells else ZERO
    due = row.promised_on or row.due_on
    parts = [(str(row.line), rest - announced, in_stock_units(row, row.done), due)]
    if announced:
        parts.append((f"{row.line}{ANNOUNCED}", announced, ZERO, row.announced_on or due))
    return [
        PromiseRow(
            line=line, item=row.item.code, quantity=done + in_stock_units(row, open_quantity), due_on=on,
            warehouse=row.warehouse.code if row.warehouse_id else "", done=done,
        )
        for line, open_quantity, done, on in parts
        if open_quantity > 0
    ]  # fmt: skip


# -- Reservations ------------------------------------------------------------------------------------------------


def reserve_lines(order: Any, lines: Sequence[Any], *, actor: Member, at: datetime) -> None:
    """Set aside what every line still needs. Raises `not_enough_available`; `invalid` where no warehouse is named."""
    for row in lines:
        wanted = in_stock_units(row, Done(row.quantity, row.done, row.closed).open)
        if wanted > 0 and row.item.is_stocked:
            _reserve(order, row, wanted, actor=actor, at=at)


def active_of(order: Any) -> list[Reservation]:
    """The order's active reservations, oldest first."""
    rows = Reservation.objects.filter(
        for_kind=SALES.kind, for_number=order.number, state=Reservation.State.ACTIVE
    ).select_related("warehouse")
    return list(rows.order_by("id"))


def trim_reservations(order: Any, lines: Sequence[Any], *, actor: Member, at: datetime) -> None:
    """Let go of what a changed line no longer needs; it never takes more than it had."""
    by_line = {str(row.line): row for row in lines}
    for held in active_of(order):
        row = by_line.get(held.for_line)
        needed = ZERO if row is None else in_stock_units(row, Done(row.quantity, row.done, row.closed).open)
        if row is not None and held.item_id == row.item_id and needed >= held.quantity - held.used:
            continue
        reservations.release(reservation_id=held.pk, actor=actor, at=at)
        if row is not None and held.item_id == row.item_id and needed > 0:
            _reserve(order, row, needed, actor=actor, at=at)


def release_all(order: Any, *, actor: Member, at: datetime) -> None:
    """Let go of everything the order holds."""
    for held in active_of(order):
        reservations.release(reservation_id=held.pk, actor=actor, at=at)


def _reserve(order: Any, row: Any, quantity: Decimal, *, actor: Member, at: datetime) -> None:
    reservations.reserve(
        item=row.item.code, warehouse=_warehouse_of(row), quantity=quantity,
        source=Source(kind=SALES.kind, number=order.number, line=str(row.line)), actor=actor, at=at,
    )  # fmt: skip


def _warehouse_of(row: Any) -> str:
    if row.warehouse_id:
        return str(row.warehouse.code)
    normal = [place.code for place in masterdata.find_warehouses() if place.kind == "normal"]
    if len(normal) != 1:
        sentence = _("第 %(line)s 行要预留库存，请填写发货仓库。") % {"line": row.line}
        raise Invalid(sentence, fields={f"lines.{row.line}.warehouse": [sentence]})
    return normal[0]


def check_line_open(row: Any) -> None:
    """Raise OrderClosed for a line that was ended."""
    if row.closed:
        raise OrderClosed(_("第 %(line)s 行已关闭，不能再收发货。") % {"line": row.line})
