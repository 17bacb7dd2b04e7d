"""The door of inventory for the floors above: frozen dataclasses in and out, nothing else.

Items, warehouses, partners and locations are named by code on the way in; ids and codes come back. Quantities are stock
units unless a line names another unit, amounts CNY. Every verb runs in the caller's transaction if there is one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from apps.inventory.models import Period
from apps.inventory.order_doors import (
    AgreedLine,
    AnnouncedLine,
    OrderLineView,
    OrderView,
    ProposalRow,
    announce_delivery,
    draft_sales_order,
    end_agreed_order,
    get_purchase_line,
    get_purchase_order,
    get_sales_line,
    get_sales_order,
    hold_lot,
    lot_trace,
    open_sales_lines,
    propose_purchase,
    write_agreed_terms,
)
from apps.inventory.records import (
    FINANCE_REASON,
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
from apps.inventory.selectors import ledger, stock, valuation
from apps.inventory.selectors import promises as promise_rows
from apps.inventory.services import closing, promises, reservations, reversing
from apps.inventory.services.orders.values import LineInput as OrderLineInput
from apps.inventory.services.orders.values import OrderInput
from apps.inventory.services.scan_doors import ScanDocument, ScanDoor, ScanLine, ScanTake, ScanTaken, add_scan_door
from apps.inventory.services.stock import (
    adjusting,
    assembling,
    issuing,
    lot_links,
    receiving,
    returning,
    transferring,
)
from apps.inventory.services.stock.heads import Head
from apps.masterdata import public as masterdata
from kernel.clock import now
from tenants.rights import Member

__all__ = [
    "AgreedLine", "AnnouncedLine", "AssemblyLine", "Availability", "DocumentView", "EntryView", "IssueLine",
    "LinkRow", "MoveView", "OrderInput", "OrderLineInput", "OrderLineView", "OrderView", "PromiseRow",
    "PromiseView", "ProposalRow", "ReceiptLine", "ReservationView", "ScanDocument", "ScanDoor",
    "ScanLine", "ScanTake", "ScanTaken", "Source", "StockRow", "TransferLine", "ValueRow", "add_scan_door",
    "announce_delivery", "draft_sales_order", "end_agreed_order", "get_purchase_line",
    "get_purchase_order", "get_sales_line", "get_sales_order", "hold_lot", "lot_trace", "open_sales_lines",
    "propose_purchase", "write_agreed_terms",
]  # fmt: skip


def today_of(at: datetime) -> date:
    """The business day of a moment."""
    return timezone.localtime(at).date()


# -- Reading -----------------------------------------------------------------------------------------------------


def get_move(move_id: int) -> MoveView:
    """One ledger line. An unknown id is a bug: StockMove.DoesNotExist is let through."""
    return ledger.get_move(move_id)


def get_document(document_id: int) -> DocumentView:
    """A document with lines and moves. An unknown id is a bug: StockDocument.DoesNotExist is let through."""
    return ledger.get_document(document_id)


def get_documents(ids: Iterable[int]) -> list[DocumentView]:
    """Documents with lines and moves by id, in one go; unknown ids are left out."""
    return ledger.get_documents(ids)


def cost_entries(
    *, cause: int | None = None, document: int | None = None, month: str = "", since: int = 0, limit: int = 5000
) -> list[EntryView]:
    """Cost entries in the order they were written.

    `cause`: written by the posting of this document (its own and the deltas it caused). `document`: of this document's
    moves, whoever caused them. `month` ("2026-05"): dated in it. `since`: id after which to start.
    """
    return ledger.cost_entries(cause=cause, document=document, month=month, since=since, limit=limit)


def stock_value(month: str, *, by: str = "category") -> list[ValueRow]:
    """Value of stock at the end of `month` ("2026-05"); two statements, whatever lies there.

    `by`: one or several of "category", "item", "source" (of the item), "warehouse_kind", comma between; `parts` of a
    row say each of them, "" = without.
    """
    last = closing.month_end(closing.parse_month(month))
    at = now()
    return valuation.stock_value(day=last, known_at=at, by=by, today=today_of(at))


def is_closed(month: str) -> bool:
    """Is the month ("2026-05") of stock closed?"""
    return Period.objects.filter(month=closing.parse_month(month)).exists()


def first_open_day() -> date | None:
    """The day after the last closed month; None while nothing is closed."""
    closed = ledger.closed_through()
    return closed + timedelta(days=1) if closed else None


def on_hand(items: Iterable[int] | None = None, *, as_of: date | None = None) -> list[StockRow]:
    """What lies where, per item and warehouse, of these items (None: of all); as of a past day without reservations."""
    if as_of is not None:
        return stock.on_hand_as_of(items, day=as_of)
    return stock.on_hand(items, today=today_of(now()))


def availability(items: Iterable[int], *, today: date, warehouse: str = "") -> dict[int, Availability]:
    """ATP of §7 for many items at once: {item id: availability}."""
    place = masterdata.warehouse_by_code(warehouse) if warehouse else None
    return promise_rows.availability(items, today=today, at=now(), warehouse_id=place.id if place else None)


def expected(items: Iterable[int] | None = None) -> list[PromiseView]:
    """Open expected receipts by item, day and id."""
    return promise_rows.expected(items)


def commitments(items: Iterable[int] | None = None) -> list[PromiseView]:
    """Open commitments (confirmed sales lines, pushed demands) by item, day and id."""
    return promise_rows.commitments(items)


def reserved(items: Iterable[int] | None = None, *, source: Source | None = None) -> list[ReservationView]:
    """Reservations that still hold, oldest first: of these items (None: of all), for `source` (kind and number)."""
    return promise_rows.held(at=now(), items=items, source=source)


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
    head = Head(
        moved_on=moved_on,
        reason=reason,
        actor=actor,
        at=at,
        source=source,
        note=note,
        when_closed=when_closed,
        idem=idem,
    )
    return ledger.get_document(receiving.receive(head=head, warehouse=warehouse, lines=lines, partner=partner).pk)


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
    head = Head(
        moved_on=moved_on,
        reason=reason,
        actor=actor,
        at=at,
        source=source,
        note=note,
        when_closed=when_closed,
        idem=idem,
    )
    return ledger.get_document(issuing.issue(head=head, warehouse=warehouse, lines=lines, partner=partner).pk)


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
    head = Head(
        moved_on=moved_on,
        reason="transfer",
        actor=actor,
        at=at,
        source=source,
        note=note,
        when_closed=when_closed,
        idem=idem,
    )
    row = transferring.transfer(
        head=head, from_warehouse=from_warehouse, to_warehouse=to_warehouse, lines=lines, in_transit=in_transit
    )
    return ledger.get_document(row.pk)


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
    head = Head(
        moved_on=moved_on,
        reason="assembly",
        actor=actor,
        at=at,
        source=source,
        note=note,
        when_closed=when_closed,
        idem=idem,
    )
    row = assembling.assemble(head=head, warehouse=warehouse, inputs=inputs, outputs=outputs, extra_cost=extra_cost)
    return ledger.get_document(row.pk)


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
    head = Head(
        moved_on=moved_on,
        reason=reason,
        actor=actor,
        at=at,
        source=source,
        note=note,
        when_closed=when_closed,
        idem=idem,
    )
    row = returning.return_stock(head=head, origin=origin, quantity=quantity, warehouse=warehouse)
    return ledger.get_document(row.pk)


def reverse(document_id: int, *, actor: Member | None, at: datetime, reason: str = "") -> DocumentView:
    """红冲: write the mirror of a posted document. Raises `already_reversed`, `negative_later`, `over_returned`."""
    made = reversing.reverse(document_id=document_id, actor=actor, at=at, reason=reason)
    return ledger.get_document(made.pk)


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
    head = Head(moved_on=today_of(at), reason="cost_adjustment", actor=actor, at=at, source=source)
    adjusting.set_output_cost(receipt=receipt, amount=amount, head=head)


def link_lots(document_id: int, rows: Sequence[LinkRow]) -> None:
    """Remember what a document made of what, for the trace."""
    lot_links.link_lots(document_id, rows)


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
    row = reservations.reserve(
        item=item, warehouse=warehouse, quantity=quantity, source=source, actor=actor, at=at, lot=lot, serial=serial,
        until=until,
    )  # fmt: skip
    return promise_rows.reservation_view(row, at=at)


def reserve_all(rows: Sequence[PromiseRow], *, source: Source, actor: Member | None, at: datetime) -> None:
    """Keep the quantity of each row in its warehouse for its line of `source`. Raises as `reserve`."""
    reservations.reserve_all(rows, source=source, actor=actor, at=at)


def release(reservation_id: int, *, actor: Member | None, at: datetime) -> ReservationView:
    """Set the open part of a reservation free; one that is over stays as it is."""
    return promise_rows.reservation_view(reservations.release(reservation_id=reservation_id, actor=actor, at=at))


def keep_only(source: Source, needed: Mapping[int, Decimal], *, actor: Member | None, at: datetime) -> None:
    """Of what is kept for `source` leave what it still needs, {item id: stock units}; the rest is free again."""
    reservations.keep_only(source=source, needed=needed, actor=actor, at=at)


def put_expected(source: Source, rows: Sequence[PromiseRow]) -> None:
    """Replace all expected receipts of `source` (kind and number) by `rows`; no rows = none any more."""
    promises.put_expected(source, rows)


def put_commitments(source: Source, rows: Sequence[PromiseRow]) -> None:
    """Replace all commitments of `source` (kind and number) by `rows`; confirmed sales orders use it too."""
    promises.put_commitments(source, rows)


def finance_reasons() -> Mapping[str, str]:
    """{reason of the API: reason of finance's posting rules}."""
    return FINANCE_REASON
