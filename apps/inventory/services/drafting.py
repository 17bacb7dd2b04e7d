"""草稿: a document as somebody typed it, changed freely until it is posted. It moves nothing and reserves nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.inventory.models import StockDocument
from apps.inventory.records import IssueLine, ReceiptLine, TransferLine
from apps.inventory.services import drafting_costs
from apps.inventory.services.drafting_costs import check_count, keep
from apps.inventory.services.stock import naming
from apps.inventory.services.stock.heads import Head, lines_of, new_document
from apps.inventory.services.stock.issuing import issue
from apps.inventory.services.stock.receiving import receive
from apps.inventory.services.stock.transferring import nothing_moves, transfer
from kernel import audit
from kernel.errors import DomainError, NotFound
from tenants.rights import Member


class NotDraft(DomainError):
    """The document was posted: it is reversed, not edited."""

    code = "not_draft"


@transaction.atomic
def save(
    *,
    kind: str,
    head: Head,
    lines: Sequence[Any],
    warehouse: str,
    to_warehouse: str = "",
    partner: str = "",
    in_transit: bool = False,
    document_id: int | None = None,
) -> StockDocument:
    """Keep a receipt, issue or transfer as a draft; `document_id` names one that is written anew.

    Codes must exist, quantities fit their units; whether the goods are there is asked when it is posted. Raises Invalid
    `unknown_…`, `too_many_decimals`, `same_warehouse`; NotDraft, NotFound.
    """
    check_count(lines)
    draft = _lock(document_id) if document_id else None
    items = naming.find_items([line.item for line in lines], all_states=True)
    place = naming.find_warehouses(warehouse=warehouse)["warehouse"]
    target = naming.find_warehouses(to_warehouse=to_warehouse)["to_warehouse"] if to_warehouse else None
    inside = target is not None and target.id == place.id
    if inside and (in_transit or not all(line.to_location for line in lines)):
        raise nothing_moves()
    payee = naming.find_partner(partner)
    quantities = naming.stock_quantities(lines, items)
    locations = naming.find_locations(place, [line.location for line in lines])
    document = new_document(
        kind, replace(head, draft=draft), warehouse_id=place.id, to_warehouse_id=target.id if target else None,
        partner_id=payee.id if payee else None, in_transit=in_transit,
    )  # fmt: skip
    rows = lines_of(items, lines, quantities, locations)
    if target is not None:
        places = naming.find_locations(target, [line.to_location for line in lines], field="to_location")
        for row, location in zip(rows, places, strict=True):
            row.to_location_id = location
        if inside and any(row.location_id == row.to_location_id for row in rows):
            raise nothing_moves()
    return keep(document, rows, replace(head, draft=draft))


@transaction.atomic
def post(
    *,
    document_id: int,
    actor: Member | None,
    at: datetime,
    moved_on: date | None = None,
    when_closed: str = "refuse",
) -> StockDocument:
    """Post a draft as it stands, on its own day or on `moved_on`. Raises NotDraft, NotFound, what posting raises."""
    draft = _lock(document_id)
    head = Head(
        moved_on=moved_on or draft.moved_on, reason=draft.reason, actor=actor, at=at, note=draft.note,
        when_closed=when_closed, draft=draft,
    )  # fmt: skip
    return _POST[draft.kind](draft, head)


@transaction.atomic
def delete(*, document_id: int, actor: Member) -> None:
    """Throw a draft away; its number is not used again. Raises NotDraft, NotFound."""
    draft = _lock(document_id)
    audit.record(
        actor=actor, action=f"stock_{draft.kind}.delete", object=f"stock_document:{draft.pk}", label=draft.number
    )
    draft.delete()


def _rows(document: StockDocument) -> list[Any]:
    rows = document.lines.select_related("item", "warehouse", "location", "to_location", "target")
    return list(rows.order_by("line", "id"))


def _lock(document_id: int) -> StockDocument:
    draft = (
        StockDocument.objects.select_for_update(of=("self",))
        .select_related("warehouse", "to_warehouse", "partner")
        .filter(pk=document_id)
        .first()
    )
    if draft is None:
        raise NotFound(_("找不到这张单据，请刷新列表。"))
    if draft.state != StockDocument.State.DRAFT:
        raise NotDraft(_("单据 %(number)s 已记账，不能再改；有错请红冲。") % {"number": draft.number})
    return draft


def _common(row: Any) -> dict[str, Any]:
    return {
        "item": row.item.code,
        "quantity": row.quantity,
        "unit": row.unit,
        "lot": row.lot,
        "serials": tuple(row.serials),
        "location": row.location.code if row.location else "",
    }


def _receipt_line(row: Any) -> ReceiptLine:
    return ReceiptLine(
        **_common(row), unit_cost=row.unit_cost, amount=row.amount, made_on=row.made_on, expires_on=row.expires_on,
        supplier_lot=row.supplier_lot, origin=row.origin_id,
    )  # fmt: skip


def _issue_line(row: Any) -> IssueLine:
    return IssueLine(**_common(row), reservation=row.reservation_id, origin=row.origin_id)


def _transfer_line(row: Any) -> TransferLine:
    return TransferLine(**_common(row), to_location=row.to_location.code if row.to_location else "")


def _post_receipt(draft: StockDocument, head: Head) -> StockDocument:
    lines = [_receipt_line(row) for row in _rows(draft)]
    return receive(head=head, warehouse=_code(draft.warehouse), lines=lines, partner=_code(draft.partner))


def _post_issue(draft: StockDocument, head: Head) -> StockDocument:
    lines = [_issue_line(row) for row in _rows(draft)]
    return issue(head=head, warehouse=_code(draft.warehouse), lines=lines, partner=_code(draft.partner))


def _post_transfer(draft: StockDocument, head: Head) -> StockDocument:
    return transfer(
        head=head, from_warehouse=_code(draft.warehouse), to_warehouse=_code(draft.to_warehouse),
        lines=[_transfer_line(row) for row in _rows(draft)], in_transit=draft.in_transit,
    )  # fmt: skip


def _with_rows(
    verb: Callable[[StockDocument, Head, Sequence[Any]], StockDocument],
) -> Callable[[StockDocument, Head], StockDocument]:
    return lambda draft, head: verb(draft, head, _rows(draft))


def _code(row: Any) -> str:
    return row.code if row is not None else ""


_POST: dict[str, Callable[[StockDocument, Head], StockDocument]] = {
    "receipt": _post_receipt,
    "issue": _post_issue,
    "transfer": _post_transfer,
    "assembly": _with_rows(drafting_costs.post_assembly),
    "adjustment": _with_rows(drafting_costs.post_adjustment),
    "landed": _with_rows(drafting_costs.post_landed),
}
