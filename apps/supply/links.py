"""What supply asks of inventory, and what happens without it: orders are typed here, nothing is written back."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.timezone import localdate

from apps.inventory import public as inventory
from apps.supply.domain.terms import Line
from tenants.entitlements import has_module
from tenants.rights import Member


class Wanted(NamedTuple):
    """A line of a purchase order, in its own unit."""

    line: int
    item: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    tax_rate: Decimal
    due_on: date


class Purchase(NamedTuple):
    """A purchase order that is to be sent to its supplier."""

    number: str
    partner: str
    currency: str
    price_includes_tax: bool
    lines: tuple[Wanted, ...]
    is_over: bool


def purchase_order(number: int | str) -> Purchase | None:
    """The purchase order with this id or number; None without inventory. Raises NotFound."""
    if not has_module("inventory"):
        return None
    order = inventory.get_purchase_order(number)
    lines = tuple(
        Wanted(row.line, row.item, row.quantity, row.unit, row.unit_price, row.tax_rate, row.due_on)
        for row in order.lines
        if not row.closed
    )
    over = order.state in ("closed", "cancelled")
    return Purchase(order.number, order.partner, order.currency, order.price_includes_tax, lines, over)


def write_agreed(
    number: str, lines: Sequence[Line], *, dropped: Collection[int], locked_by: str, actor: Member, at: datetime
) -> None:
    """Write agreed quantity, price and promise into the purchase order and lock them there; lines it lacks stay here.

    `dropped`: lines that both sides let go of; they end, nothing of them is expected any more. Without inventory, or
    once the purchase order was ended by hand, there is nothing to write into.
    """
    if not has_module("inventory"):
        return
    order = inventory.get_purchase_order(number)
    if order.state in ("closed", "cancelled"):
        return
    known = {row.line for row in order.lines}
    agreed = [inventory.AgreedLine(line=row.line, quantity=Decimal(0)) for row in order.lines
              if row.line in dropped and not row.closed]  # fmt: skip
    agreed += [
        inventory.AgreedLine(
            line=line.line,
            quantity=line.quantity,
            unit_price=line.unit_price,
            due_on=line.requested_date,
            promised_on=line.promised_date,
        )
        for line in lines
        if line.line in known
    ]
    inventory.write_agreed_terms(number, agreed, locked_by=locked_by, actor=actor, at=at)


def end_agreed(number: str, *, locked_by: str, actor: Member, at: datetime) -> None:
    """The shared order was called off by both: the purchase order it locked ends with it; nothing without inventory."""
    if has_module("inventory"):
        inventory.end_agreed_order(number, locked_by=locked_by, actor=actor, at=at)


class Sold(NamedTuple):
    """A line of a partner's order as our own item: quantity in stock units, price CNY a stock unit."""

    item: str
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal
    due_on: date | None
    promised_on: date | None
    note: str


def draft_sale(
    order: str, partner: str, lines: Sequence[Sold], *, price_includes_tax: bool, note: str, actor: Member, at: datetime
) -> None:
    """A draft sales order for what a partner's `order` agreed on, once; without inventory the order stays here alone.

    Raises what drafting a sales order raises (`partner_blocked`, `item_stopped` …).
    """
    if not has_module("inventory") or not lines:
        return
    rows = [
        inventory.OrderLineInput(
            item=line.item, quantity=line.quantity, unit_price=line.unit_price, tax_rate=line.tax_rate,
            due_on=line.due_on, promised_on=line.promised_on, note=line.note,
        )
        for line in lines
    ]  # fmt: skip
    values = inventory.OrderInput(
        partner=partner, ordered_on=localdate(at), lines=rows, price_includes_tax=price_includes_tax, note=note,
        source_kind="supply_order", source_ref=order,
    )  # fmt: skip
    inventory.draft_sales_order(values, actor=actor, at=at)


def taken_back(documents: Collection[int]) -> set[int]:
    """Which of these stock documents were reversed; none without inventory."""
    if not documents or not has_module("inventory"):
        return set()
    return {one.id for one in inventory.get_documents(documents) if one.reversed_by is not None}


def received(number: str) -> dict[int, Decimal]:
    """{line: received so far, in the line's unit} of a purchase order; nothing without inventory."""
    if not has_module("inventory"):
        return {}
    return {row.line: row.done for row in inventory.get_purchase_order(number).lines}


def scan_address(number: str) -> str:
    """Where the goods of the purchase order are scanned into stock; empty without inventory or without an order."""
    if not number or not has_module("inventory"):
        return ""
    return f"{reverse('inventory:scan')}?{urlencode({'task': 'receive', 'document': number})}"


def announce(number: str, rows: Sequence[tuple[int, Decimal, date]]) -> None:
    """Tell what of the purchase order is on its way, [(line, quantity, day)] anew and whole; nothing without it."""
    if has_module("inventory"):
        lines = [inventory.AnnouncedLine(line=line, quantity=quantity, due_on=due) for line, quantity, due in rows]
        inventory.announce_delivery(number, lines)
