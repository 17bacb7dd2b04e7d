"""What production asks of the stock module, and what happens without it.

Without inventory nothing is moved and nothing has a value: issues, returns and receipts are counted on the order alone,
amounts are None, and nobody is told of expected receipts or of needs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from apps.inventory import public as inventory
from apps.masterdata import public as masterdata
from tenants.entitlements import has_module
from tenants.rights import Member

KIND = "work_order"


@dataclass(frozen=True)
class Line:
    """What is asked of stock: `quantity` stock units; `origin` = the stock move that comes back.

    `lot`: the serial number of what is tracked by piece. `location`: the bin it is taken from or put back to, by code.
    """

    item_id: int
    quantity: Decimal
    lot: str = ""
    origin: int | None = None
    location: str = ""


@dataclass(frozen=True)
class Part:
    """One ledger line of stock: quantity > 0; `amount` >= 0, None where stock has no value for it yet.

    `lot`: its code, or the serial number.
    """

    move_id: int
    quantity: Decimal
    amount: Decimal | None
    lot: str = ""
    lot_id: int | None = None


@dataclass(frozen=True)
class MovedLine:
    """One line of a stock document and the ledger lines it became."""

    item_id: int
    item: str
    quantity: Decimal
    amount: Decimal | None
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Moved:
    """A stock document; id 0 and no number without the stock module."""

    document_id: int
    number: str
    lines: tuple[MovedLine, ...]


@dataclass(frozen=True)
class Planned:
    """A line of an order's plan: what will come or go, when, and where if that is known."""

    line: str
    item_id: int
    quantity: Decimal
    due_on: date
    warehouse: str = ""


@dataclass(frozen=True)
class Consumed:
    """A lot, or an item without lots, that went into an order."""

    item_id: int
    lot_id: int | None
    quantity: Decimal


def has_stock() -> bool:
    return has_module("inventory")


def _warehouse(warehouse_id: int | None) -> str:
    if warehouse_id is None:
        raise ValueError("stock moves in a warehouse")
    return masterdata.get_warehouse(warehouse_id).code


def issue(
    *,
    order: str,
    warehouse_id: int | None,
    moved_on: date,
    lines: Sequence[Line],
    actor: Member,
    at: datetime,
    note: str = "",
) -> Moved:
    """Take material out, the order's own reservations first.

    Raises what inventory raises (`not_enough_stock`, `not_enough_available`, `lot_not_usable`, `period_closed`, …).
    """
    if not has_stock():
        return _counted(lines)
    items = masterdata.get_items(row.item_id for row in lines)
    own = [row for row in _reserved(order) if row.warehouse_id == warehouse_id and not row.serial]
    document = inventory.issue(
        warehouse=_warehouse(warehouse_id),
        moved_on=moved_on,
        lines=[
            inventory.IssueLine(
                item=items[row.item_id].code,
                quantity=row.quantity,
                reservation=kept,
                location=row.location,
                **_tracked(items[row.item_id], row.lot),
            )
            for row, kept in zip(lines, _kept_for(lines, own), strict=True)
        ],
        reason="material",
        actor=actor,
        at=at,
        source=_source(order),
        note=note,
    )
    return _moved(document)


def _tracked(item: masterdata.ItemInfo, lot: str) -> dict[str, Any]:
    """A lot is named as such, a piece by its serial number."""
    return {"serials": (lot,) if lot else ()} if item.tracking == "serial" else {"lot": lot}


def _reserved(order: str) -> list[inventory.ReservationView]:
    return inventory.reserved(source=_source(order))


def _kept_for(lines: Sequence[Line], own: Sequence[inventory.ReservationView]) -> list[int | None]:
    """For each line the order's reservation that it uses: of its item, of its lot if either names one, not used up."""
    left = {row.id: row.open for row in own}
    found: list[int | None] = []
    for line in lines:
        fits = (row for row in own if row.item_id == line.item_id and (not row.lot or line.lot in ("", row.lot)))
        row = next((row for row in fits if left[row.id] > 0), None)
        found.append(row.id if row else None)
        if row is not None:
            left[row.id] -= min(left[row.id], line.quantity)
    return found


def reserve(*, order: str, lines: Sequence[Planned], actor: Member, at: datetime) -> None:
    """Keep material for an order in ordinary warehouses, by code. Raises `not_enough_available`.

    What all of them lack is asked of the last one, which says what is missing. Without inventory nothing is kept.
    """
    if not has_stock() or not lines:
        return
    codes, rows = _codes(lines), []
    free = _free_places([line.item_id for line in lines])
    for line in sorted(lines, key=lambda one: (one.item_id, one.line)):  # in the order in which stock is locked
        left, places = line.quantity, free[line.item_id]
        for number, (place, there) in enumerate(places, start=1):
            part = left if number == len(places) else min(left, there)
            if part > 0:
                rows.append(_promise(Planned(line.line, line.item_id, part, line.due_on, place), codes))
                left, places[number - 1] = left - part, (place, there - part)
    inventory.reserve_all(rows, source=_source(order), actor=actor, at=at)


def _free_places(items: Iterable[int]) -> dict[int, list[tuple[str, Decimal]]]:
    """{item: (ordinary warehouse, what is free there), by code}; the first warehouse for what lies nowhere."""
    wanted = set(items)
    found: dict[int, list[tuple[str, Decimal]]] = {item: [] for item in wanted}
    for row in inventory.on_hand(wanted):
        if row.available > 0 and row.warehouse_kind == "normal":
            found[row.item_id].append((row.warehouse, row.available))
    normal = next((row.code for row in masterdata.find_warehouses() if row.kind == "normal"), "")
    return {item: places or [(normal, Decimal(0))] for item, places in found.items()}


def let_go(*, order: str, needed: Mapping[int, Decimal], actor: Member, at: datetime) -> None:
    """Set free what is reserved for an order beyond what it still needs, {item: stock units}."""
    if has_stock():
        inventory.keep_only(_source(order), needed, actor=actor, at=at)


def take_back(
    *,
    order: str,
    warehouse_id: int | None,
    moved_on: date,
    lines: Sequence[Line],
    actor: Member,
    at: datetime,
    note: str = "",
) -> Moved:
    """Put material back at its share of what the move `origin` took out."""
    if not has_stock():
        return _counted(lines)
    items = masterdata.get_items(row.item_id for row in lines)
    document = inventory.receive(
        warehouse=_warehouse(warehouse_id),
        moved_on=moved_on,
        lines=[
            inventory.ReceiptLine(
                item=items[row.item_id].code,
                quantity=row.quantity,
                origin=row.origin,
                location=row.location,
                **_tracked(items[row.item_id], row.lot),
            )
            for row in lines
        ],
        reason="material_return",
        actor=actor,
        at=at,
        source=_source(order),
        note=note,
    )
    return _moved(document)


def receive(
    *,
    order: str,
    warehouse_id: int | None,
    moved_on: date,
    item_id: int,
    quantity: Decimal,
    amount: Decimal,
    lot: str,
    actor: Member,
    at: datetime,
    consumed: Sequence[Consumed],
) -> Moved:
    """Put finished goods into stock at `amount` (CNY, the whole receipt) and link their lot to what it was made of."""
    if not has_stock():
        return _counted([Line(item_id, quantity, lot)])
    document = inventory.receive(
        warehouse=_warehouse(warehouse_id),
        moved_on=moved_on,
        lines=[
            inventory.ReceiptLine(item=masterdata.get_item(item_id).code, quantity=quantity, amount=amount, lot=lot)
        ],
        reason="production",
        actor=actor,
        at=at,
        source=_source(order),
    )
    moved = _moved(document)
    _link(moved, consumed)
    return moved


def _link(moved: Moved, consumed: Sequence[Consumed]) -> None:
    made = [part for line in moved.lines for part in line.parts if part.lot_id is not None]
    codes = _codes(consumed)
    rows = [
        inventory.LinkRow(
            to_lot=part.lot_id, from_lot=one.lot_id, from_item=codes[one.item_id], from_quantity=one.quantity,
            to_quantity=part.quantity,
        )
        for part in made
        if part.lot_id is not None
        for one in consumed
        if one.lot_id != part.lot_id
    ]  # fmt: skip
    if rows:
        inventory.link_lots(moved.document_id, rows)


def push(*, order: str, expected: Sequence[Planned], commitments: Sequence[Planned]) -> None:
    """Replace what stock knows of the order: what it will bring, and what it will still take."""
    if not has_stock():
        return
    codes = _codes([*expected, *commitments])
    inventory.put_expected(_source(order), [_promise(row, codes) for row in expected])
    inventory.put_commitments(_source(order), [_promise(row, codes) for row in commitments])


def _promise(row: Planned, codes: dict[int, str]) -> inventory.PromiseRow:
    return inventory.PromiseRow(
        line=row.line, item=codes[row.item_id], quantity=row.quantity, due_on=row.due_on, warehouse=row.warehouse
    )


def set_cost(*, order: str, move_id: int, amount: Decimal, actor: Member, at: datetime) -> None:
    """Make `amount` the cost of a receipt of this order; the difference follows the goods."""
    if has_stock():
        inventory.set_output_cost(receipt=move_id, amount=amount, actor=actor, at=at, source=_source(order))


def locations_of(document_id: int) -> dict[int, str]:
    """{move id: code of its location} of a stock document; empty without inventory."""
    if not has_stock() or not document_id:
        return {}
    return {move.id: move.location for row in inventory.get_documents([document_id]) for move in row.moves}


def amounts_now(document_ids: Iterable[int]) -> dict[int, Decimal]:
    """{move id: what it is worth today, signed}: late values included, moves without a value left out."""
    if not has_stock():
        return {}
    moves = [move for row in inventory.get_documents(key for key in document_ids if key) for move in row.moves]
    return {move.id: move.amount for move in moves if move.amount is not None}


def line_side() -> int | None:
    """The one line-side warehouse; None when there is none, or several."""
    found = [row.id for row in masterdata.find_warehouses() if row.kind == "line_side"]
    return found[0] if len(found) == 1 else None


def first_warehouse() -> int | None:
    """The first ordinary warehouse by code."""
    return next((row.id for row in masterdata.find_warehouses() if row.kind == "normal"), None)


def _source(order: str) -> inventory.Source:
    return inventory.Source(kind=KIND, number=order)


def _codes(lines: Iterable[Line | Planned | Consumed]) -> dict[int, str]:
    return {key: row.code for key, row in masterdata.get_items(line.item_id for line in lines).items()}


def _moved(document: inventory.DocumentView) -> Moved:
    lines = tuple(
        MovedLine(line.item_id, line.item, line.stock_quantity, line.amount, tuple(_part(move) for move in line.moves))
        for line in document.lines
    )
    return Moved(document.id, document.number, lines)


def _part(move: inventory.MoveView) -> Part:
    amount = None if move.amount is None else abs(move.amount)
    return Part(move.id, abs(move.quantity), amount, move.lot or move.serial, move.lot_id)


def _counted(lines: Sequence[Line]) -> Moved:
    codes = _codes(lines)
    return Moved(
        0,
        "",
        tuple(
            MovedLine(row.item_id, codes[row.item_id], row.quantity, None, (Part(0, row.quantity, None, row.lot),))
            for row in lines
        ),
    )
