"""The door of inventory for the floors above: frozen dataclasses in and out, nothing else.

Items, warehouses, partners and locations are named by code on the way in; ids and codes come back. Quantities are stock
units unless a line names another unit, amounts CNY. Every verb runs in the caller's transaction if there is one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from apps.inventory.records import (
    AssemblyLine,
    Availability,
    DocumentView,
    EntryView,
    IssueLine,
    LinkRow,
    MoveView,
    PromiseRow,
    PromiseView,
    ReceiptLine,
    ReservationView,
    Source,
    StockRow,
    TransferLine,
    ValueRow,
)
from tenants.rights import Member

__all__ = [
    "AssemblyLine",
    "Availability",
    "DocumentView",
    "EntryView",
    "IssueLine",
    "LinkRow",
    "MoveView",
    "PromiseRow",
    "PromiseView",
    "ReceiptLine",
    "ReservationView",
    "Source",
    "StockRow",
    "TransferLine",
    "ValueRow",
]


# -- Reading -----------------------------------------------------------------------------------------------------


def get_move(move_id: int) -> MoveView:
    """One ledger line. An unknown id is a bug: StockMove.DoesNotExist is let through."""
    raise NotImplementedError


def get_document(document_id: int) -> DocumentView:
    """A document with lines and moves. An unknown id is a bug: StockDocument.DoesNotExist is let through."""
    raise NotImplementedError


def cost_entries(
    *, cause: int | None = None, document: int | None = None, month: str = "", since: int = 0, limit: int = 5000
) -> list[EntryView]:
    """Cost entries in the order they were written.

    `cause`: written by the posting of this document (its own and the deltas it caused). `document`: of this document's
    moves, whoever caused them. `month` ("2026-05"): dated in it. `since`: id after which to start.
    """
    raise NotImplementedError


def stock_value(month: str, *, by: str = "category") -> list[ValueRow]:
    """Value of stock at the end of `month` ("2026-05"), by "category", "item" or "warehouse_kind"; key "" = without.

    `parts` of a row: {"category", "warehouse_kind"} as far as asked.
    """
    raise NotImplementedError


def is_closed(month: str) -> bool:
    """Is the month ("2026-05") of stock closed?"""
    raise NotImplementedError


def first_open_day() -> date | None:
    """The day after the last closed month; None while nothing is closed."""
    raise NotImplementedError


def on_hand(items: Iterable[int] | None = None, *, as_of: date | None = None) -> list[StockRow]:
    """What lies where, per item and warehouse, of these items (None: of all); as of a past day without reservations."""
    raise NotImplementedError


def availability(items: Iterable[int], *, today: date, warehouse: str = "") -> dict[int, Availability]:
    """ATP of §7 for many items at once: {item id: availability}."""
    raise NotImplementedError


def expected(items: Iterable[int] | None = None) -> list[PromiseView]:
    """Open expected receipts by item, day and id."""
    raise NotImplementedError


def commitments(items: Iterable[int] | None = None) -> list[PromiseView]:
    """Open commitments (confirmed sales lines, pushed demands) by item, day and id."""
    raise NotImplementedError


# -- Moving ------------------------------------------------------------------------------------------------------


def receive(
    *,
    warehouse: str,
    moved_on: date,
    lines: Sequence[ReceiptLine],
    reason: str,
    actor: Member | None,
    at: datetime,
    partner: str = "",
    source: Source = Source(),  # noqa: B008  # frozen
    note: str = "",
    when_closed: str = "refuse",
    idem: str | None = None,
) -> DocumentView:
    """Post a receipt. Reasons: opening, purchase, production, subcontract, gain, other_in, sales_return,
    material_return.

    `idem`: a key under which the same call answers the first document. `when_closed="first_open_day"` posts a date in a
    closed month there.
    """
    raise NotImplementedError


def issue(
    *,
    warehouse: str,
    moved_on: date,
    lines: Sequence[IssueLine],
    reason: str,
    actor: Member | None,
    at: datetime,
    partner: str = "",
    source: Source = Source(),  # noqa: B008  # frozen
    note: str = "",
    when_closed: str = "refuse",
    idem: str | None = None,
) -> DocumentView:
    """Post an issue; `reason`: sale, material, loss, scrap, purchase_return, subcontract_sent, other_out."""
    raise NotImplementedError


def transfer(
    *,
    from_warehouse: str,
    to_warehouse: str,
    moved_on: date,
    lines: Sequence[TransferLine],
    actor: Member | None,
    at: datetime,
    in_transit: bool = False,
    source: Source = Source(),  # noqa: B008  # frozen
    note: str = "",
    when_closed: str = "refuse",
    idem: str | None = None,
) -> DocumentView:
    """Move goods from one warehouse to another."""
    raise NotImplementedError


def assemble(
    *,
    warehouse: str,
    moved_on: date,
    inputs: Sequence[AssemblyLine],
    outputs: Sequence[AssemblyLine],
    actor: Member | None,
    at: datetime,
    extra_cost: Decimal = Decimal(0),
    source: Source = Source(),  # noqa: B008  # frozen
    note: str = "",
    when_closed: str = "refuse",
    idem: str | None = None,
) -> DocumentView:
    """Turn inputs into outputs that carry their cost."""
    raise NotImplementedError


def return_stock(
    *,
    origin: int,
    quantity: Decimal,
    moved_on: date,
    reason: str,
    actor: Member | None,
    at: datetime,
    warehouse: str = "",
    source: Source = Source(),  # noqa: B008  # frozen
    note: str = "",
    when_closed: str = "refuse",
    idem: str | None = None,
) -> DocumentView:
    """Bring back `quantity` of what move `origin` took out, at its share of that move's cost (material_return,
    sales_return), or send back what it brought in (purchase_return). `warehouse` empty = where it came from.
    """
    raise NotImplementedError


def reverse(
    document_id: int, *, actor: Member | None, at: datetime, reason: str = "", when_closed: str = "first_open_day"
) -> DocumentView:
    """红冲: write the mirror of a posted document. Raises `already_reversed`, `negative_later`, `over_returned`."""
    raise NotImplementedError


def set_output_cost(
    *,
    receipt: int,
    amount: Decimal,
    actor: Member | None,
    at: datetime,
    source: Source = Source(),  # noqa: B008
) -> None:
    """Make `amount` (CNY) the cost of receipt move `receipt`: the difference follows the goods, as deltas.

    Of a closed month: the share still on hand enters stock on the first open day, the rest is a late entry (expense).
    """
    raise NotImplementedError


def link_lots(document_id: int, rows: Sequence[LinkRow]) -> None:
    """Remember what a document made of what, for the trace."""
    raise NotImplementedError


# -- Promising ---------------------------------------------------------------------------------------------------


def reserve(
    *,
    item: str,
    warehouse: str,
    quantity: Decimal,
    source: Source,
    actor: Member | None,
    at: datetime,
    lot: str = "",
    serial: str = "",
    until: datetime | None = None,
) -> ReservationView:
    """Keep `quantity` for `source`. Raises `not_enough_available`, `serial_reserved`, `lot_not_usable`."""
    raise NotImplementedError


def release(reservation_id: int, *, actor: Member | None, at: datetime) -> ReservationView:
    """Set the open part of a reservation free; one that is over stays as it is."""
    raise NotImplementedError


def put_expected(source: Source, rows: Sequence[PromiseRow]) -> None:
    """Replace all expected receipts of `source` (kind and number) by `rows`; no rows = none any more."""
    raise NotImplementedError


def put_commitments(source: Source, rows: Sequence[PromiseRow]) -> None:
    """Replace all commitments of `source` (kind and number) by `rows`; confirmed sales orders use it too."""
    raise NotImplementedError


def finance_reasons() -> Mapping[str, str]:
    """{reason of the API: reason of finance's posting rules}."""
    raise NotImplementedError
