"""Goods against orders: ship and receive, take back, and what a reversal undoes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.inventory.domain.orders import Done, most, net_of_part
from apps.inventory.events import PurchaseOrderChanged, SalesOrderChanged
from apps.inventory.models import ItemSettings, StockDocument
from apps.inventory.records import IssueLine, ReceiptLine, Source
from apps.inventory.services.orders import promises, returns
from apps.inventory.services.orders.drafts import lock
from apps.inventory.services.orders.refusals import OverReturned, over
from apps.inventory.services.orders.sides import Side
from apps.inventory.services.orders.states import check_confirmed, check_open, lines_of, set_progress
from apps.inventory.services.orders.values import MoveInput, Posting
from apps.inventory.services.stock.heads import Head
from apps.inventory.services.stock.issuing import issue
from apps.inventory.services.stock.receiving import receive
from kernel import audit
from kernel.errors import Invalid
from kernel.events import publish
from tenants.rights import Member

ZERO = Decimal(0)
# Reason of the document by (sells, returning).
_REASONS = {
    (True, False): "sale",
    (True, True): "sales_return",
    (False, False): "purchase",
    (False, True): "purchase_return",
}


@dataclass(frozen=True)
class Part:
    """What moves of one order line, in its unit; `stock_line` goes into the document."""

    row: Any
    quantity: Decimal
    stock_line: Any


@transaction.atomic
def deliver(*, side: Side, order_id: int, lines: Sequence[MoveInput], how: Posting) -> StockDocument:
    """Ship a sales order or receive a purchase order: one issue or receipt, posted; no `lines` = all that is open.

    Receipts are valued at the net price. Publishes what posting publishes and the order's Changed. Raises
    `over_shipment`/`over_receipt`, `order_closed`, `order_not_confirmed`, and everything posting raises.
    """
    order = lock(side, order_id)
    check_open(order)
    check_confirmed(order)
    rows = {row.line: row for row in lines_of(order)}
    wanted = lines or [MoveInput(line=row.line) for row in rows.values() if _open(row) > 0]
    if not wanted:
        _nothing_open(order)
    held = {} if not side.sells else {(one.for_line, one.warehouse.code): one.pk for one in promises.active_of(order)}
    place = how.warehouse or _common_warehouse(rows, wanted)
    tolerances = _tolerances(rows.values())
    parts = []
    for index, values in enumerate(wanted):
        row = _row(rows, values, index)
        quantity = _take(side, row, values, index, tolerances)
        line = _issue_line(row, quantity, values, held.get((str(row.line), place))) if side.sells else None
        parts.append(Part(row, quantity, line or _receipt_line(order, row, quantity, values)))
    document = _post(side, order, parts, place, how, returning=False)
    return _written(side, order, rows, parts, document, how.actor, is_return=False)


@transaction.atomic
def take_back(*, side: Side, order_id: int, lines: Sequence[MoveInput], how: Posting) -> StockDocument:
    """A customer's return, or goods sent back to the supplier, at the value of what was shipped or received.

    No `lines` = everything. Raises `over_returned`, and everything posting raises.
    """
    order = lock(side, order_id)
    check_confirmed(order)
    rows = {row.line: row for row in lines_of(order)}
    wanted = lines or [MoveInput(line=row.line) for row in rows.values() if row.done > row.returned]
    if not wanted:
        raise OverReturned(_("订单 %(number)s 没有可退的货。") % {"number": order.number})
    parts: list[Part] = []
    place = how.warehouse
    for index, values in enumerate(wanted):
        row = _row(rows, values, index)
        quantity = _take_returned(row, values, index)
        pieces = returns.pieces(side, row, quantity, values, index)
        place = place or pieces[0].warehouse
        parts += [Part(row, piece.quantity, piece.line) for piece in pieces]
    document = _post(side, order, parts, place, how, returning=True)
    return _written(side, order, rows, parts, document, how.actor, is_return=True)


def _open(row: Any) -> Decimal:
    return Done(row.quantity, row.done, row.closed).open


def _nothing_open(order: Any) -> None:
    sentence = _("订单 %(number)s 已全部完成，请填写要收发的行和数量。") % {"number": order.number}
    raise Invalid(sentence, fields={"lines": [sentence]})


def _row(rows: dict[int, Any], values: MoveInput, index: int) -> Any:
    row = rows.get(values.line)
    if row is None:
        sentence = _("订单没有第 %(line)s 行。") % {"line": values.line}
        raise Invalid(sentence, "unknown_line", fields={f"lines.{index}.line": [sentence]})
    return row


def _common_warehouse(rows: dict[int, Any], wanted: Sequence[MoveInput]) -> str:
    places = {rows[values.line].warehouse for values in wanted if values.line in rows}
    found = {place.code for place in places if place is not None}
    if len(found) != 1 or None in places:
        raise Invalid(_("请填写仓库。"), fields={"warehouse": [_("请填写仓库。")]})
    return str(found.pop())


def _tolerances(rows: Any) -> dict[int, Decimal]:
    wanted = {row.item_id for row in rows}
    return dict(ItemSettings.objects.filter(item_id__in=wanted).values_list("item_id", "over_receipt_tolerance"))


def _take(side: Side, row: Any, values: MoveInput, index: int, tolerances: dict[int, Decimal]) -> Decimal:
    """Count the quantity on the line in memory, within its tolerance."""
    promises.check_line_open(row)
    quantity = values.quantity if values.quantity is not None else _open(row)
    spot = f"lines.{index}.quantity"
    if quantity <= 0:
        raise Invalid(_("数量要大于零。"), fields={spot: [_("数量要大于零。")]})
    row.tolerance = max(row.tolerance, tolerances.get(row.item_id, ZERO))
    rest = most(row.quantity, row.tolerance) - row.done
    if quantity > rest:
        raise over(
            side.over_code, label=str(row.item), most=max(rest, ZERO), wanted=quantity, unit=row.unit, field=spot
        )
    row.done += quantity
    return quantity


def _take_returned(row: Any, values: MoveInput, index: int) -> Decimal:
    rest = row.done - row.returned
    quantity = values.quantity if values.quantity is not None else rest
    spot = f"lines.{index}.quantity"
    if quantity <= 0 and rest > 0:
        raise Invalid(_("数量要大于零。"), fields={spot: [_("数量要大于零。")]})
    if quantity > rest or quantity <= 0:
        sentence = _("第 %(line)s 行最多还能退 %(rest)s %(unit)s。") % {
            "line": row.line, "rest": f"{rest.normalize():f}", "unit": row.unit,
        }  # fmt: skip
        raise OverReturned(sentence, fields={spot: [sentence]})
    row.returned += quantity
    return quantity


def _issue_line(row: Any, quantity: Decimal, values: MoveInput, reservation: int | None) -> IssueLine:
    return IssueLine(
        item=row.item.code, quantity=quantity, unit=row.unit, lot=values.lot, serials=values.serials,
        location=values.location, reservation=reservation,
    )  # fmt: skip


def _receipt_line(order: Any, row: Any, quantity: Decimal, values: MoveInput) -> ReceiptLine:
    amount = net_of_part(
        before=row.done - quantity, quantity=quantity, unit_price=row.unit_price, tax_rate=row.tax_rate,
        includes_tax=order.price_includes_tax,
    )  # fmt: skip
    return ReceiptLine(
        item=row.item.code, quantity=quantity, unit=row.unit, amount=amount, lot=values.lot, serials=values.serials,
        made_on=values.made_on, expires_on=values.expires_on, location=values.location,
    )  # fmt: skip


def _post(
    side: Side, order: Any, parts: Sequence[Part], warehouse: str, how: Posting, *, returning: bool
) -> StockDocument:
    head = Head(
        moved_on=how.moved_on, reason=_REASONS[side.sells, returning], actor=how.actor, at=how.at, note=how.note,
        source=Source(kind=side.kind, number=order.number), when_closed=how.when_closed,
    )  # fmt: skip
    post = issue if side.sells != returning else receive
    lines = [part.stock_line for part in parts]
    return post(head=head, warehouse=warehouse, lines=lines, partner=order.partner.code)


def _written(
    side: Side, order: Any, rows: dict[int, Any], parts: Sequence[Part], document: StockDocument, actor: Member,
    *, is_return: bool,
) -> StockDocument:  # fmt: skip
    side.fulfilment.objects.bulk_create(
        side.fulfilment(
            line=part.row, document_id=document.pk, document_line=number, quantity=part.quantity, is_return=is_return
        )
        for number, part in enumerate(parts, start=1)
    )
    _announced_less(side, parts, is_return=is_return)
    store_progress(side, order, list(rows.values()))
    verb = ("return" if is_return else "ship") if side.sells else ("send_back" if is_return else "receive")
    audit.record(
        actor=actor, action=f"{side.kind}.{verb}", object=f"{side.kind}:{order.pk}",
        label=f"{order.number} {document.number}",
    )  # fmt: skip
    return document


def _announced_less(side: Side, parts: Sequence[Part], *, is_return: bool) -> None:
    # What was on its way has come: the announcement is used up first.
    if side.sells or is_return:
        return
    for part in parts:
        part.row.announced = max(ZERO, part.row.announced - part.quantity)


def store_progress(side: Side, order: Any, rows: Sequence[Any]) -> None:
    """Write the lines' counts, the order's state and promises; tell that it changed."""
    names = ["done", "returned", "tolerance", *([] if side.sells else ["announced"])]
    side.line.objects.bulk_update(rows, names)
    if order.state not in (order.State.CLOSED, order.State.CANCELLED):
        set_progress(side, order, rows)
    order.version += 1
    order.save()
    promises.push(side, order, rows)
    event = SalesOrderChanged if side.sells else PurchaseOrderChanged
    publish(event(order_id=order.pk, number=order.number, version=order.version))
