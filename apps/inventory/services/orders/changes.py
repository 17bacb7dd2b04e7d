"""Changing lines of an order that stands: nothing goes below what has moved, agreed terms stay agreed."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from django.utils.translation import gettext as _

from apps.inventory.services.orders.drafts import read_lines
from apps.inventory.services.orders.lines import MOST_LINES, Known, amount_of, check_count
from apps.inventory.services.orders.refusals import AlreadyMoved, BelowDone, LockedBySupply, plain
from apps.inventory.services.orders.sides import Side
from apps.inventory.services.orders.values import LineInput
from apps.masterdata import public as masterdata
from kernel.errors import Invalid

WRITTEN = [
    "item", "quantity", "stock_quantity", "unit", "unit_price", "tax_rate", "amount", "due_on", "promised_on",
    "warehouse", "closed", "note",
]  # fmt: skip
AGREED = ("item", "quantity", "unit", "unit_price", "tax_rate", "due_on", "promised_on", "closed")


def alter_lines(
    side: Side, order: Any, rows: list[Any], changes: Sequence[LineInput], *, free: bool = False
) -> list[Any]:
    """Apply `changes` to the stored `rows` and answer all lines, new ones included. `free`: supply itself changes."""
    check_count(changes)
    by_number = {row.line: row for row in rows}
    known = Known.of(changes, also=[row.item_id for row in rows])
    for index, values in enumerate(changes):
        row = by_number.get(values.line) if values.line is not None else None
        _check_terms(order, row, values, f"lines.{index}", free=free)
        if row is not None:
            _alter(row, values, known, f"lines.{index}")
    side.line.objects.bulk_update(rows, WRITTEN if not side.sells else [*WRITTEN, "make_to_order"])
    new = [values for values in changes if values.line is None or values.line not in by_number]
    if len(rows) + len(new) > MOST_LINES:
        raise Invalid(_("一张订单最多 %(most)s 行，请分成几张。") % {"most": MOST_LINES})
    added = _added(side, order, rows, new)
    return [*rows, *added]


def _added(side: Side, order: Any, rows: list[Any], new: Sequence[LineInput]) -> list[Any]:
    if not new:
        return []
    start = max((row.line for row in rows), default=0) + 1
    added = read_lines(side, order, new, masterdata.get_partner(order.partner_id), start=start)
    return list(side.line.objects.bulk_create(added))


def _check_terms(order: Any, row: Any, values: LineInput, spot: str, *, free: bool) -> None:
    if free or not getattr(order, "locked_by", ""):
        return
    if row is None or any(_differs(row, values, name) for name in AGREED):
        sentence = _("订单 %(number)s 的数量、价格和交期已与供应商在协同里约定，请到订单协同里修改。") % {
            "number": order.number
        }
        raise LockedBySupply(sentence, fields={spot: [sentence]})


def _differs(row: Any, values: LineInput, name: str) -> bool:
    given = getattr(values, name)
    if given is None:
        return False
    return bool(given != (row.item.code if name == "item" else getattr(row, name)))


def _alter(row: Any, values: LineInput, known: Known, spot: str) -> None:
    item_id = _item_of(row, values, known, spot)
    quantity = values.quantity if values.quantity is not None else row.quantity
    if values.quantity is not None:
        _check_done(row, quantity, spot)
    unit = _unit_of(row, values, same_item=item_id == row.item_id)
    row.unit, row.stock_quantity = known.to_stock(item_id, quantity, unit, spot)
    row.item_id, row.quantity = item_id, quantity
    for name in ("unit_price", "tax_rate", "due_on", "promised_on", "closed", "note", "make_to_order"):
        if getattr(values, name) is not None and hasattr(row, name):
            setattr(row, name, getattr(values, name))
    if values.warehouse is not None:
        row.warehouse_id = known.warehouse(values.warehouse, spot)
    row.amount = amount_of(row.quantity, row.unit_price, spot)


def _item_of(row: Any, values: LineInput, known: Known, spot: str) -> int:
    if not values.item or values.item == row.item.code:
        return int(row.item_id)
    item_id = known.item(values.item, spot).id
    if item_id != row.item_id and row.done:
        sentence = _("第 %(line)s 行已有收发货，不能换物料。") % {"line": row.line}
        raise AlreadyMoved(sentence, fields={f"{spot}.item": [sentence]})
    return item_id


def _unit_of(row: Any, values: LineInput, *, same_item: bool) -> str:
    if row.done or values.unit is None:  # what has moved was counted in the old unit
        return str(row.unit) if same_item else ""
    return values.unit


def _check_done(row: Any, quantity: Any, spot: str) -> None:
    if quantity < row.done:
        sentence = _("第 %(line)s 行已收发 %(done)s，数量不能改得更少。") % {"line": row.line, "done": plain(row.done)}
        raise BelowDone(sentence, fields={f"{spot}.quantity": [sentence]}, extra={"done": plain(row.done)})
    if quantity <= 0:
        sentence = _("数量要大于零；不要的行可以关闭。")
        raise Invalid(sentence, fields={f"{spot}.quantity": [sentence]})


def as_change(values: dict[str, Any]) -> LineInput:
    """A LineInput of the known names in `values`."""
    names = {one.name for one in fields(LineInput)}
    return LineInput(**{name: value for name, value in values.items() if name in names})
