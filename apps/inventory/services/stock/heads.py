"""Heads and lines of documents as they were typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.inventory.models import StockDocument, StockDocumentLine
from apps.inventory.records import Source
from apps.masterdata.public import StockItem
from tenants.rights import Member


@dataclass(frozen=True, kw_only=True)
class Head:
    """What all documents have. `idem`: a key under which the same call answers the first document.

    `draft`: the document that waits to be posted; None = a new one.
    """

    moved_on: date
    reason: str
    actor: Member | None
    at: datetime
    source: Source = Source()  # frozen
    note: str = ""
    when_closed: str = "refuse"
    idem: str | None = None
    draft: StockDocument | None = None


def new_document(kind: str, head: Head, **columns: object) -> StockDocument:
    """The document row, unsaved; a draft's own row with what it says now."""
    values: dict[str, object] = {
        "kind": kind, "reason": head.reason, "moved_on": head.moved_on, "source_kind": head.source.kind,
        "source_number": head.source.number, "source_line": head.source.line, "note": head.note, **columns,
    }  # fmt: skip
    if head.draft is not None:
        for name, value in values.items():
            setattr(head.draft, name, value)
        return head.draft
    return StockDocument(
        **values, number="", idem=head.idem, created_at=head.at,
        created_by_id=head.actor.user_id if head.actor else None,
        created_by_name=head.actor.name if head.actor else "",
    )  # fmt: skip


def known_by(idem: str | None) -> StockDocument | None:
    """The document that was made under this key."""
    return StockDocument.objects.filter(idem=idem).first() if idem else None


def typed_line(number: int, item: StockItem, typed: object, quantity: Decimal, **columns: object) -> StockDocumentLine:
    """A row of what was typed; `quantity` in stock units, `columns` on top."""
    names = ("lot", "made_on", "expires_on", "supplier_lot", "unit_cost", "amount", "share")
    values = {name: getattr(typed, name) for name in names if hasattr(typed, name)}
    return StockDocumentLine(
        line=number, item_id=item.id, quantity=getattr(typed, "quantity", quantity),
        unit=getattr(typed, "unit", "") or item.unit, stock_quantity=quantity,
        serials=list(getattr(typed, "serials", ())), origin_id=getattr(typed, "origin", None),
        reservation_id=getattr(typed, "reservation", None), **(values | columns),
    )  # fmt: skip


def lines_of(
    items: Sequence[StockItem], lines: Sequence[object], quantities: Sequence[Decimal], locations: Sequence[int | None]
) -> list[StockDocumentLine]:
    rows = zip(items, lines, quantities, locations, strict=True)
    return [
        typed_line(number, item, line, quantity, location_id=location)
        for number, (item, line, quantity, location) in enumerate(rows, start=1)
    ]
