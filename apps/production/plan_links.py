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
from kernel.errors import NotFound
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
    """{item: usable stock}, reservations included: whom they are for says `held`."""
    if not has_stock():
        rows = StockEntry.objects.all() if items is None else StockEntry.objects.filter(item_id__in=list(items))
        return dict(rows.values_list("item_id", "quantity"))
    found: dict[int, Decimal] = {}
    for row in inventory.on_hand(items):
        found[row.item_id] = found.get(row.item_id, Decimal(0)) + row.usable
    return found


@dataclass(frozen=True)
class Held:
    """`quantity` stock units of an item are reserved for (`kind`, `number`, `line`)."""

    item_id: int
    kind: str
    number: str
    line: str
    quantity: Decimal


def held(items: Iterable[int] | None = None) -> list[Held]:
    """Reservations that still hold; none without inventory."""
    if not has_stock():
        return []
    return [
        Held(row.item_id, row.source.kind, row.source.number, row.source.line, row.open)
        for row in inventory.reserved(items)
    ]


def free_stock(items: Iterable[int]) -> dict[int, Decimal]:
    """{item: usable stock that nobody has reserved}."""
    if not has_stock():
        return usable_stock(items)
    found: dict[int, Decimal] = {}
    for row in inventory.on_hand(items):
        found[row.item_id] = found.get(row.item_id, Decimal(0)) + row.available
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
    """A line of a confirmed sales order: `open` of `quantity` stock units are still to leave on `due_on`."""

    line: int
    item_id: int
    quantity: Decimal
    open: Decimal
    due_on: date
    make_to_order: bool = False


def sales_lines(number: str) -> list[Promised]:
    """The lines of a sales order that stands. Without inventory there are no sales orders."""
    if not has_stock():
        return []
    order = inventory.get_sales_order(number)
    if order.state in ("draft", "cancelled"):
        return []
    return [
        Promised(
            row.line,
            row.item_id,
            row.stock_quantity,
            Decimal(0) if row.closed or order.state == "closed" else row.stock_open,
            row.promised_on or row.due_on,
            row.make_to_order,
        )
        for row in order.lines
    ]


def sales_number(order_id: int) -> str:
    """The number of a sales order. Raises NotFound, and without inventory there is none."""
    if not has_stock():
        raise NotFound("")
    return inventory.get_sales_order(order_id).number


@dataclass(frozen=True)
class Wish:
    """`quantity` stock units of an item to be bought from a supplier; `key` is the planned order."""

    key: int
    item: str
    supplier: str
    quantity: Decimal
    due_on: date


def propose_purchase(wishes: Sequence[Wish], *, run: int, actor: Member, at: datetime) -> dict[int, str]:
    """{planned order: number of the draft purchase order it went into}; empty without inventory: then it is a list."""
    if not has_stock():
        return {}
    rows = [
        inventory.ProposalRow(item=wish.item, quantity=wish.quantity, due_on=wish.due_on, supplier=wish.supplier)
        for wish in wishes
    ]
    orders = inventory.propose_purchase(rows, actor=actor, at=at, source_kind="plan_run", source_ref=str(run))
    by_supplier = {order.partner: order.number for order in orders}
    return {wish.key: by_supplier[wish.supplier] for wish in wishes if wish.supplier in by_supplier}


def proposed(numbers: Iterable[str]) -> list[Coming]:
    """Lines of those purchase orders that nobody confirmed yet: stock does not expect them, a plan does."""
    if not has_stock():
        return []
    found = []
    for number in sorted(set(numbers)):
        try:
            order = inventory.get_purchase_order(number)
        except NotFound:  # the draft was thrown away
            continue
        if order.state == "draft":
            found += [
                Coming(row.item_id, "purchase_order", order.number, str(row.line), row.stock_open, row.due_on)
                for row in order.lines
            ]
    return found
