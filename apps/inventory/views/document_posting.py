"""From what the document page typed to the services, and back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.timezone import localdate

from apps.inventory.grid_form import Entry, Line, day_of
from apps.inventory.models import StockDocument
from apps.inventory.records import IssueLine, ReceiptLine, TransferLine
from apps.inventory.services import drafting
from apps.inventory.services.stock.heads import Head
from apps.inventory.services.stock.issuing import issue
from apps.inventory.services.stock.receiving import receive
from apps.inventory.services.stock.transferring import receive_transfer, transfer
from kernel.clock import now
from tenants.rights import Member

_LINES: dict[str, Any] = {"receipt": ReceiptLine, "issue": IssueLine, "transfer": TransferLine}


def store(
    kind: str,
    head: Mapping[str, str],
    lines: Sequence[Mapping[str, Any]],
    *,
    posts: bool,
    draft_id: int | None,
    actor: Member,
) -> StockDocument:
    """Save a draft, or post; a draft that is posted is written anew first."""
    at = now()
    rows = [_LINES[kind](**values) for values in lines]
    top = Head(
        moved_on=day_of(head.get("moved_on", "")) or localdate(at), reason=head.get("reason", "") or "transfer",
        actor=actor, at=at, note=head.get("note", ""),
        when_closed="first_open_day" if head.get("when_closed") else "refuse",
    )  # fmt: skip
    if not posts or draft_id is not None:
        saved = drafting.save(
            kind=kind, head=top, lines=rows, warehouse=head.get("warehouse", ""), partner=head.get("partner", ""),
            to_warehouse=head.get("to_warehouse", "") if kind == "transfer" else "",
            in_transit=bool(head.get("in_transit")), document_id=draft_id,
        )  # fmt: skip
        if not posts:
            return saved
        return drafting.post(document_id=saved.pk, actor=actor, at=at, when_closed=top.when_closed)
    return _post(kind, top, head, rows)


def _post(kind: str, top: Head, head: Mapping[str, str], rows: Sequence[Any]) -> StockDocument:
    if kind == "transfer":
        return transfer(
            head=top, from_warehouse=head.get("warehouse", ""), to_warehouse=head.get("to_warehouse", ""), lines=rows,
            in_transit=bool(head.get("in_transit")),
        )  # fmt: skip
    verb: Any = receive if kind == "receipt" else issue
    made: StockDocument = verb(
        head=top, warehouse=head.get("warehouse", ""), lines=rows, partner=head.get("partner", "")
    )
    return made


def post_draft(document_id: int, *, moved_on: date, actor: Member) -> StockDocument:
    """Post a draft on its own day."""
    return drafting.post(document_id=document_id, actor=actor, at=now())


def delete_draft(document_id: int, *, actor: Member) -> None:
    drafting.delete(document_id=document_id, actor=actor)


def arrive(document_id: int, *, moved_on: date, actor: Member) -> StockDocument:
    """A transfer in transit has arrived."""
    head = Head(moved_on=moved_on, reason="transfer", actor=actor, at=now())
    return receive_transfer(head=head, document_id=document_id)


def has_arrived(document_id: int) -> bool:
    """Did the goods of this transfer arrive already?"""
    return StockDocument.objects.filter(transit_of=document_id, reverses__isnull=True, reversals__isnull=True).exists()


def entry_of(draft: StockDocument) -> Entry:
    """The form of a draft."""
    head = {
        "reason": draft.reason,
        "warehouse": draft.warehouse.code if draft.warehouse else "",
        "to_warehouse": draft.to_warehouse.code if draft.to_warehouse else "",
        "partner": draft.partner.code if draft.partner else "",
        "moved_on": draft.moved_on.isoformat(),
        "in_transit": "1" if draft.in_transit else "",
        "note": draft.note,
    }
    rows = draft.lines.select_related("item", "location", "to_location").order_by("line", "id")
    shown = {"partner": str(draft.partner)} if draft.partner else {}
    return Entry(head=head, shown=shown, lines=[_line(row) for row in rows], version=str(draft.version))


def _line(row: Any) -> Line:
    values = {
        "item": row.item.code,
        "quantity": f"{row.quantity.normalize():f}",
        "unit": row.unit,
        "unit_cost": f"{row.unit_cost.normalize():f}" if row.unit_cost is not None else "",
        "lot": row.lot or " ".join(row.serials),
        "expires_on": row.expires_on.isoformat() if row.expires_on else "",
        "location": row.location.code if row.location else "",
        "to_location": row.to_location.code if row.to_location else "",
    }
    return Line(values=values, shown={"item": str(row.item)})
