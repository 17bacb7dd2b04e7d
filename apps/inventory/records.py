"""Inventory as others see it: frozen, plain values, no model. Quantities are stock units, amounts CNY.

Arguments of services name items, warehouses, partners and locations by code, as the API does; answers carry ids and
codes. `FINANCE_REASON` turns a reason of the API into the name that finance's posting rules use.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

FINANCE_REASON = {
    "opening": "OPENING",
    "purchase": "PURCHASE_RECEIPT",
    "production": "FINISHED",
    "subcontract": "SUBCONTRACT_RETURNED",
    "gain": "COUNT_GAIN",
    "other_in": "OTHER_IN",
    "sales_return": "SALE_RETURN",
    "material_return": "MATERIAL_RETURN",
    "sale": "SALE",
    "material": "MATERIAL",
    "loss": "COUNT_LOSS",
    "scrap": "SCRAP",
    "purchase_return": "PURCHASE_RETURN",
    "subcontract_sent": "SUBCONTRACT_SENT",
    "other_out": "OTHER_OUT",
    "transfer": "TRANSFER",
    "assembly": "ASSEMBLY",
    "cost_adjustment": "COST_ADJUSTMENT",
    "landed_cost": "LANDED_COST",
}
LATE_REASON = "LATE_COST"


# -- What services are told --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a document, reservation or promise comes from: ("sales_order", "SO2606-01", "1")."""

    kind: str = ""
    number: str = ""
    line: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.number}" if self.kind else ""


@dataclass(frozen=True, kw_only=True)
class ReceiptLine:
    """One line of a receipt: `quantity` > 0 in `unit` (empty = stock unit).

    `amount` (CNY, the whole line) or `unit_cost` (CNY per `unit`); neither = a gain at the running average, or a return
    with `origin` (id of the move that is given back). `serials`: one text for each piece. `expires_on` empty =
    `made_on` + the item's shelf life.
    """

    item: str
    quantity: Decimal
    unit: str = ""
    unit_cost: Decimal | None = None
    amount: Decimal | None = None
    lot: str = ""
    serials: tuple[str, ...] = ()
    made_on: date | None = None
    expires_on: date | None = None
    supplier_lot: str = ""
    location: str = ""
    origin: int | None = None


@dataclass(frozen=True, kw_only=True)
class IssueLine:
    """One line of an issue: `quantity` > 0 in `unit`. Lot left out = FEFO; `location` left out = wherever it lies.

    `reservation`: id of the caller's own reservation, which is used up first. `origin`: id of the receipt's move that
    goes back to the supplier.
    """

    item: str
    quantity: Decimal
    unit: str = ""
    lot: str = ""
    serials: tuple[str, ...] = ()
    location: str = ""
    reservation: int | None = None
    origin: int | None = None


@dataclass(frozen=True, kw_only=True)
class TransferLine:
    """One line of a transfer; `location` is where it lies now, `to_location` where it shall lie."""

    item: str
    quantity: Decimal
    unit: str = ""
    lot: str = ""
    serials: tuple[str, ...] = ()
    location: str = ""
    to_location: str = ""


@dataclass(frozen=True, kw_only=True)
class AssemblyLine:
    """An input or output of an assembly. `share` weighs an output's part of the cost (None: its quantity)."""

    item: str
    quantity: Decimal
    unit: str = ""
    lot: str = ""
    serials: tuple[str, ...] = ()
    made_on: date | None = None
    expires_on: date | None = None
    location: str = ""
    share: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class AdjustmentLine:
    """± `amount` CNY onto the stock of an item (of a warehouse in scope warehouse, of a lot in method specific)."""

    item: str
    amount: Decimal
    warehouse: str = ""
    lot: str = ""


@dataclass(frozen=True, kw_only=True)
class LandedTarget:
    """A line of a posted receipt that bears a part of the landed cost; `line` None = every line."""

    receipt: int
    line: int | None = None


@dataclass(frozen=True, kw_only=True)
class PromiseRow:
    """One line of `put_expected` and `put_commitments`: `done` of `quantity` has come or gone already."""

    line: str
    item: str
    quantity: Decimal
    due_on: date
    warehouse: str = ""
    done: Decimal = Decimal(0)
    firm: bool = True


@dataclass(frozen=True, kw_only=True)
class LinkRow:
    """`from_quantity` of a lot (or of an item without lots) went into `to_quantity` of another lot; ids of lots."""

    to_lot: int
    from_quantity: Decimal
    to_quantity: Decimal
    from_lot: int | None = None
    from_item: str = ""


# -- What they answer --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MoveView:
    """One ledger line. `amount` is the sum of its entries without late ones, signed; None while provisional."""

    id: int
    document_id: int
    document: str
    line: int
    item_id: int
    item: str
    warehouse_id: int
    warehouse: str
    location: str
    lot_id: int | None
    lot: str
    serial: str
    quantity: Decimal
    amount: Decimal | None
    cost_state: str
    reason: str
    moved_on: date
    intended_on: date | None
    posted_at: datetime
    origin: int | None
    reverses: int | None

    @property
    def seq(self) -> int:
        return self.id


@dataclass(frozen=True, kw_only=True)
class LineView:
    """A line as typed, with its moves; `amount` is positive, None while provisional or where there is no value."""

    line: int
    side: str
    item_id: int
    item: str
    item_name: str
    quantity: Decimal
    unit: str
    stock_quantity: Decimal
    amount: Decimal | None
    moves: tuple[MoveView, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DocumentView:
    """A stock document. `reversed_by`: id of the document that reversed it, or None."""

    id: int
    kind: str
    number: str
    state: str
    reason: str
    moved_on: date
    intended_on: date | None
    warehouse: str
    to_warehouse: str
    partner_id: int | None
    partner: str
    source: Source
    note: str
    in_transit: bool
    reverses: int | None
    reversed_by: int | None
    extra_cost: Decimal
    amount: Decimal | None
    posted_at: datetime | None
    posted_by: str
    lines: tuple[LineView, ...] = ()

    @property
    def moves(self) -> tuple[MoveView, ...]:
        return tuple(move for line in self.lines for move in line.moves)


@dataclass(frozen=True, kw_only=True)
class EntryView:
    """One cost entry, with all that finance needs to draft a voucher: `finance_reason`, category, kind of warehouse.

    `cause` is the posting document's id (None: the month's close), `document_id` the document of the move.
    `quantity`: what the move moved, signed, stock units; None where the entry belongs to no move.
    """

    id: int
    kind: str
    dated_on: date
    amount: Decimal
    reason: str
    finance_reason: str
    item_id: int
    item: str
    category_id: int | None
    category: str
    warehouse_id: int | None
    warehouse: str
    warehouse_kind: str
    move_id: int | None
    document_id: int
    document: str
    partner_id: int | None
    source: Source
    cause: int | None
    posted_at: datetime
    quantity: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class StockRow:
    """What lies of an item in a warehouse. `usable` leaves out held and expired lots and inspection or reject stock;
    `available` = usable - reserved, never below 0.
    """

    item_id: int
    warehouse_id: int
    warehouse: str
    warehouse_kind: str
    quantity: Decimal
    usable: Decimal
    reserved: Decimal

    @property
    def available(self) -> Decimal:
        return max(self.usable - self.reserved, Decimal(0))


@dataclass(frozen=True, kw_only=True)
class PromiseView:
    """An open expected receipt or commitment: `open` = what has not come or gone yet."""

    item_id: int
    warehouse_id: int | None
    open: Decimal
    due_on: date
    source: Source
    firm: bool = True


@dataclass(frozen=True, kw_only=True)
class AtpDay:
    """One day of the promise curve; quantities in stock units."""

    on: date
    incoming: Decimal
    outgoing: Decimal
    projected: Decimal
    atp: Decimal


@dataclass(frozen=True, kw_only=True)
class Availability:
    """How many, when: §7. `on_hand` is usable stock, `reserved` all active reservations, `earliest` None = never."""

    item_id: int
    on_hand: Decimal
    reserved: Decimal
    available: Decimal
    expected: Decimal
    committed: Decimal
    days: tuple[AtpDay, ...] = ()
    earliest: date | None = None


@dataclass(frozen=True, kw_only=True)
class ReservationView:
    id: int
    item_id: int
    item: str
    warehouse_id: int
    warehouse: str
    lot: str
    serial: str
    quantity: Decimal
    used: Decimal
    state: str
    source: Source
    until: datetime | None

    @property
    def open(self) -> Decimal:
        return self.quantity - self.used if self.state == "active" else Decimal(0)


@dataclass(frozen=True, kw_only=True)
class ValueRow:
    """Value of stock at the end of a month, or on a day; `key` is what was asked to group by."""

    key: str
    quantity: Decimal
    value: Decimal
    parts: dict[str, str] = field(default_factory=dict)
