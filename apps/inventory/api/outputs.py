"""Shapes of orders as the API gives them out."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.inventory.api.base import Json, day, money, quantity_text
from apps.inventory.domain.orders import Done
from apps.inventory.selectors.orders import sums_of
from apps.inventory.services.orders.sides import Side

Reserved = Mapping[tuple[str, int], Decimal]


def order_shape(side: Side, order: Any, *, reserved: Reserved, prices: bool) -> Json:
    """An order with its lines; without `prices` the amounts are absent."""
    shown: Json = {
        "id": order.pk,
        "number": order.number,
        "partner": order.partner.code,
        "partner_name": order.partner.name,
        "ordered_on": day(order.ordered_on),
        "state": order.state,
        "version": order.version,
        "currency": order.currency,
        "price_includes_tax": order.price_includes_tax,
        "note": order.note,
        "source": {"kind": order.source_kind, "ref": order.source_ref} if order.source_kind else None,
        "created_by": order.created_by_name,
        "created_at": day(order.created_at),
        "confirmed_at": day(order.confirmed_at),
    }
    if side.sells:
        shown["reserve"] = order.reserve
    else:
        shown["locked"] = bool(order.locked_by)
    if prices:
        sums = sums_of(order)
        shown |= {"total": money(order.total), "net_total": money(sums.net), "gross_total": money(sums.gross)}
    shown["lines"] = [line_shape(side, order, row, reserved=reserved, prices=prices) for row in order.lines.all()]
    return shown


def line_shape(side: Side, order: Any, row: Any, *, reserved: Reserved, prices: bool) -> Json:
    """One line; quantities in its own unit, `reserved` in stock units."""
    shown: Json = {
        "line": row.line,
        "item": row.item.code,
        "name": row.item.name,
        "quantity": quantity_text(row.quantity),
        "unit": row.unit,
        "stock_quantity": quantity_text(row.stock_quantity),
        "tax_rate": quantity_text(row.tax_rate),
        "due_on": day(row.due_on),
        "promised_on": day(row.promised_on),
        "warehouse": row.warehouse.code if row.warehouse else None,
        "returned": quantity_text(row.returned),
        "open": quantity_text(Done(row.quantity, row.done, row.closed).open),
        "closed": row.closed,
        "note": row.note,
    }
    if side.sells:
        shown["shipped"] = quantity_text(row.done)
        shown["make_to_order"] = row.make_to_order
        shown["reserved"] = quantity_text(reserved.get((order.number, row.line), Decimal(0)))
    else:
        shown["received"] = quantity_text(row.done)
        shown["announced"] = quantity_text(row.announced)
        shown["announced_on"] = day(row.announced_on)
    if prices:
        shown |= {"unit_price": quantity_text(row.unit_price), "amount": money(row.amount)}
    return shown
