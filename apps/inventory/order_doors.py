"""What the floors above ask of orders; `public.py` hands these out. Frozen dataclasses in and out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.inventory.domain.orders import Done
from apps.inventory.models import Lot, PurchaseOrder, SalesOrder
from apps.inventory.selectors import trace as trace_read
from apps.inventory.services import lots as lot_states
from apps.inventory.services.orders import drafts, promises, states
from apps.inventory.services.orders.proposals import Proposal, ProposalRow, propose
from apps.inventory.services.orders.refusals import unknown_order
from apps.inventory.services.orders.sides import PURCHASES, SALES, Side
from apps.inventory.services.orders.values import LineInput, OrderInput
from tenants.rights import Member

__all__ = ["Proposal", "ProposalRow"]
ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class OrderLineView:
    """One line of a sales or purchase order. Quantities in `unit`, `stock_quantity` and `stock_open` in stock units.

    `done` = shipped or received; `unit_price` CNY a unit, `tax_rate` a share, `amount` CNY.
    """

    order_id: int
    number: str
    state: str
    partner_id: int
    partner: str
    line: int
    item_id: int
    item: str
    quantity: Decimal
    unit: str
    stock_quantity: Decimal
    stock_open: Decimal
    done: Decimal
    returned: Decimal
    open: Decimal
    unit_price: Decimal
    tax_rate: Decimal
    amount: Decimal
    due_on: date
    promised_on: date | None
    warehouse: str
    make_to_order: bool
    closed: bool


@dataclass(frozen=True, kw_only=True)
class OrderView:
    """An order with its lines."""

    id: int
    number: str
    state: str
    version: int
    partner_id: int
    partner: str
    ordered_on: date
    currency: str
    price_includes_tax: bool
    total: Decimal
    note: str
    locked_by: str
    lines: tuple[OrderLineView, ...]


@dataclass(frozen=True, kw_only=True)
class AgreedLine:
    """Terms of a line that both firms agreed on; None = as it stands. `quantity` 0 ends the line."""

    line: int
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    due_on: date | None = None
    promised_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class AnnouncedLine:
    """What of a purchase line is on its way, in the line's unit, and when it will be here."""

    line: int
    quantity: Decimal
    due_on: date


# -- Reading -----------------------------------------------------------------------------------------------------


def get_sales_line(order: int | str, line: int) -> OrderLineView:
    """A line of a sales order by id or number. Raises NotFound."""
    return _line_of(get_sales_order(order), line)


def get_purchase_line(order: int | str, line: int) -> OrderLineView:
    """A line of a purchase order by id or number. Raises NotFound."""
    return _line_of(get_purchase_order(order), line)


def get_sales_order(order: int | str) -> OrderView:
    """A sales order by id or number. Raises NotFound."""
    return _view(SALES, order)


def get_purchase_order(order: int | str) -> OrderView:
    """A purchase order by id or number. Raises NotFound."""
    return _view(PURCHASES, order)


def open_sales_lines(items: Sequence[int] | None = None) -> list[OrderLineView]:
    """Lines of confirmed sales orders with goods still to go, by due day; of these items, or of all."""
    rows = SALES.line.objects.filter(order__state__in=("confirmed", "part_shipped"), closed=False)
    rows = rows if items is None else rows.filter(item_id__in=list(items))
    rows = rows.select_related("order__partner", "item", "warehouse").order_by("due_on", "id")
    return [line for row in rows if (line := _line(row.order, row)).open > 0]


# -- Writing -----------------------------------------------------------------------------------------------------


def propose_purchase(
    rows: Sequence[ProposalRow], *, actor: Member, at: datetime, source_kind: str = "", source_ref: str = ""
) -> list[OrderView]:
    """Draft purchase orders, one for each supplier; a row without one goes to the item's preferred supplier.

    Raises Invalid `unknown_item`, `unknown_supplier`; 409 `partner_blocked`, `item_stopped`.
    """
    made = propose(Proposal(rows=tuple(rows), source_kind=source_kind, source_ref=source_ref), actor=actor, at=at)
    return [_view(PURCHASES, order.pk) for order in made]


def draft_sales_order(values: OrderInput, *, actor: Member, at: datetime) -> OrderView:
    """A draft sales order from a partner's order; the same `source_ref` answers the first draft."""
    if values.source_ref:
        known = SalesOrder.objects.filter(source_kind=values.source_kind, source_ref=values.source_ref).first()
        if known is not None:
            return _view(SALES, known.pk)
    return _view(SALES, drafts.create(side=SALES, values=values, actor=actor, at=at).pk)


@transaction.atomic
def write_agreed_terms(
    order: int | str, lines: Sequence[AgreedLine], *, locked_by: str, actor: Member, at: datetime
) -> OrderView:
    """Write quantity, price and promise that were agreed in the shared order `locked_by`, and lock them here.

    A draft is confirmed by it. Raises NotFound, `order_closed`, `below_done`.
    """
    order_id = _view(PURCHASES, order).id
    row: PurchaseOrder = drafts.lock(PURCHASES, order_id)
    if row.state == PurchaseOrder.State.DRAFT:
        states.confirm(side=PURCHASES, order_id=order_id, version=None, actor=actor, at=at)
    changes = [
        LineInput(
            line=line.line, quantity=line.quantity if line.quantity else None, unit_price=line.unit_price,
            due_on=line.due_on, promised_on=line.promised_on, closed=True if line.quantity == 0 else None,
        )
        for line in lines
    ]  # fmt: skip
    if changes:
        states.change(
            side=PURCHASES, order_id=order_id, version=None, lines=changes, actor=actor, at=at, by_supply=True
        )
    PurchaseOrder.objects.filter(pk=order_id).update(locked_by=locked_by)
    return _view(PURCHASES, order_id)


@transaction.atomic
def end_agreed_order(order: int | str, *, locked_by: str, actor: Member, at: datetime) -> None:
    """Both firms called off the shared order `locked_by`: the purchase order that it locked is cancelled with it, or
    closed where goods came in before. One that ended already, or is not locked by it, stays as it is. Raises NotFound.
    """
    row: PurchaseOrder = drafts.lock(PURCHASES, _view(PURCHASES, order).id)
    if row.locked_by != locked_by or row.state in (PurchaseOrder.State.CLOSED, PurchaseOrder.State.CANCELLED):
        return
    PurchaseOrder.objects.filter(pk=row.pk).update(locked_by="")
    end = states.close if any(line.done for line in states.lines_of(row)) else states.cancel
    end(side=PURCHASES, order_id=row.pk, version=None, actor=actor, at=at)


@transaction.atomic
def announce_delivery(order: int | str, lines: Sequence[AnnouncedLine]) -> None:
    """What is on its way of a purchase order, anew and whole: it is expected on its own day, the rest as before."""
    row: PurchaseOrder = drafts.lock(PURCHASES, _view(PURCHASES, order).id)
    wanted = {line.line: line for line in lines}
    rows = states.lines_of(row)
    for one in rows:
        found = wanted.get(one.line)
        one.announced = found.quantity if found else ZERO
        one.announced_on = found.due_on if found else None
    PURCHASES.line.objects.bulk_update(rows, ["announced", "announced_on"])
    promises.push(PURCHASES, row, rows)


# -- Lots --------------------------------------------------------------------------------------------------------


def lot_trace(lot_id: int, *, direction: str = "both", levels: int = trace_read.MOST_LEVELS) -> trace_read.Trace:
    """What a lot came from and what became of it. Raises NotFound."""
    if not Lot.objects.filter(pk=lot_id).exists():
        raise lot_states.unknown_lot()
    return trace_read.trace(lot_id, direction=direction, levels=levels)


def hold_lot(
    lot_id: int, *, actor: Member, at: datetime, downstream: bool = False, note: str = "", state: str = "held"
) -> list[int]:
    """Hold (or `state` free, blocked) a lot, with `downstream` everything made from it; ids of lots that changed."""
    changed = lot_states.set_state(lot_id=lot_id, state=state, actor=actor, at=at, downstream=downstream, note=note)
    return [row.pk for row in changed]


def _view(side: Side, order: int | str) -> OrderView:
    key = {"pk": order} if isinstance(order, int) else {"number": order}
    row = side.order.objects.filter(**key).select_related("partner").first()
    if row is None:
        raise unknown_order()
    return OrderView(
        id=row.pk, number=row.number, state=row.state, version=row.version, partner_id=row.partner_id,
        partner=row.partner.code, ordered_on=row.ordered_on, currency=row.currency,
        price_includes_tax=row.price_includes_tax, total=row.total, note=row.note,
        locked_by=getattr(row, "locked_by", ""), lines=tuple(_line(row, line) for line in states.lines_of(row)),
    )  # fmt: skip


def _line(order: Any, row: Any) -> OrderLineView:
    rest = Done(row.quantity, row.done, row.closed).open
    return OrderLineView(
        order_id=order.pk, number=order.number, state=order.state, partner_id=order.partner_id,
        partner=order.partner.code, line=row.line, item_id=row.item_id, item=row.item.code, quantity=row.quantity,
        unit=row.unit, stock_quantity=row.stock_quantity, stock_open=promises.in_stock_units(row, rest), done=row.done,
        returned=row.returned, open=rest, unit_price=row.unit_price, tax_rate=row.tax_rate, amount=row.amount,
        due_on=row.due_on, promised_on=row.promised_on, warehouse=row.warehouse.code if row.warehouse else "",
        make_to_order=getattr(row, "make_to_order", False), closed=row.closed,
    )  # fmt: skip


def _line_of(order: OrderView, line: int) -> OrderLineView:
    found = next((row for row in order.lines if row.line == line), None)
    if found is None:
        raise unknown_order()
    return found
