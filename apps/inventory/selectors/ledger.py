"""流水, 单据 and 成本分录 as views: prefetched, totally ordered."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from apps.inventory.models import CostEntry, StockDocument, StockDocumentLine, StockMove, StockSettings
from apps.inventory.records import (
    FINANCE_REASON,
    LATE_REASON,
    DocumentView,
    EntryView,
    LineView,
    MoveView,
    Source,
)

ZERO = Decimal(0)


def moves() -> QuerySet[StockMove]:
    """Ledger lines, newest first, with what a row shows. `amount_sum` is None without entries."""
    amounts = CostEntry.objects.filter(move=OuterRef("pk")).exclude(kind="late").order_by()
    total = amounts.values("move").annotate(total=Sum("amount")).values("total")
    rows = StockMove.objects.select_related("document", "item", "warehouse", "location", "lot", "group")
    return rows.annotate(amount_sum=total).order_by("-moved_on", "-id")


def closed_through() -> date | None:
    return StockSettings.objects.values_list("closed_through", flat=True).first()


def move_view(row: StockMove, *, closed: date | None) -> MoveView:
    """A row of `moves()` as others see it; `closed` = `closed_through()`."""
    amount: Decimal | None = row.amount_sum  # type: ignore[attr-defined]  # annotated by `moves`
    is_final = amount is not None or row.costing == "none" or (closed is not None and row.moved_on <= closed)
    lot, is_serial = row.lot, row.lot is not None and row.lot.kind == "serial"
    return MoveView(
        id=row.pk, document_id=row.document_id, document=row.document.number, line=row.line, item_id=row.item_id,
        item=row.item.code, warehouse_id=row.warehouse_id, warehouse=row.warehouse.code,
        location=row.location.code if row.location else "", lot_id=row.lot_id,
        lot=lot.code if lot and not is_serial else "", serial=lot.code if lot and is_serial else "",
        quantity=row.quantity, amount=amount if amount is not None else (Decimal("0.00") if is_final else None),
        cost_state="final" if is_final else "provisional", reason=row.reason, moved_on=row.moved_on,
        intended_on=row.intended_on, posted_at=row.posted_at, origin=row.origin_id, reverses=row.reverses_id,
    )  # fmt: skip


def get_move(move_id: int) -> MoveView:
    return move_view(moves().get(pk=move_id), closed=closed_through())


def documents(kind: str = "") -> QuerySet[StockDocument]:
    """Documents, newest first; `is_reversed` says whether a reversal stands."""
    rows = StockDocument.objects.select_related("warehouse", "to_warehouse", "partner")
    rows = rows.annotate(is_reversed=Exists(StockDocument.objects.filter(reverses=OuterRef("pk"))))
    return (rows.filter(kind=kind) if kind else rows).order_by("-moved_on", "-id")


def get_document(document_id: int) -> DocumentView:
    found = get_documents([document_id])
    if not found:
        raise StockDocument.DoesNotExist(document_id)
    return found[0]


def get_documents(ids: Iterable[int]) -> list[DocumentView]:
    return document_views(list(documents().filter(pk__in=set(ids)).order_by("id")))


def document_views(rows: Sequence[StockDocument]) -> list[DocumentView]:
    """Documents with lines and moves; four queries however many."""
    ids = [row.pk for row in rows]
    closed = closed_through()
    lines: dict[int, list[StockDocumentLine]] = defaultdict(list)
    typed = StockDocumentLine.objects.select_related("item").filter(document_id__in=ids)
    for line in typed.order_by("document_id", "line"):
        lines[line.document_id].append(line)
    moved: dict[tuple[int, int], list[MoveView]] = defaultdict(list)
    for move in moves().filter(document_id__in=ids).order_by("id"):
        moved[(move.document_id, move.line)].append(move_view(move, closed=closed))
    reversals = dict(StockDocument.objects.filter(reverses__in=ids).values_list("reverses_id", "id"))
    return [
        _document(row, [_line(line, moved[(row.pk, line.line)]) for line in lines[row.pk]], reversals.get(row.pk))
        for row in rows
    ]


def _document(row: StockDocument, lines: Iterable[LineView], reversed_by: int | None) -> DocumentView:
    return DocumentView(
        id=row.pk, kind=row.kind, number=row.number, state=row.state, reason=row.reason, moved_on=row.moved_on,
        intended_on=row.intended_on, warehouse=row.warehouse.code if row.warehouse else "",
        to_warehouse=row.to_warehouse.code if row.to_warehouse else "", partner_id=row.partner_id,
        partner=row.partner.code if row.partner else "",
        source=Source(kind=row.source_kind, number=row.source_number, line=row.source_line), note=row.note,
        in_transit=row.in_transit, reverses=row.reverses_id, reversed_by=reversed_by, extra_cost=row.extra_cost,
        amount=row.amount, posted_at=row.posted_at, posted_by=row.posted_by_name, lines=tuple(lines),
    )  # fmt: skip


def _line(line: StockDocumentLine, parts: Sequence[MoveView]) -> LineView:
    """A transfer's line is worth what arrived; other lines what moved."""
    counted = [part for part in parts if part.quantity > 0] or list(parts)
    known = [part.amount for part in counted if part.amount is not None]
    amount = abs(sum(known, Decimal("0.00"))) if counted and len(known) == len(counted) else None
    return LineView(
        line=line.line, side=line.side, item_id=line.item_id, item=line.item.code, item_name=line.item.name,
        quantity=line.quantity, unit=line.unit, stock_quantity=line.stock_quantity,
        amount=amount if parts else line.amount, moves=tuple(parts),
    )  # fmt: skip


# -- Cost entries ------------------------------------------------------------------------------------------------


def entries() -> QuerySet[CostEntry]:
    """Cost entries in the order they were written, with what a view of them needs."""
    return CostEntry.objects.select_related(
        "cause", "move__document", "move__item__category", "move__warehouse", "event__document",
        "group__item__category", "group__warehouse",
    ).order_by("id")  # fmt: skip


def cost_entries(
    *, cause: int | None = None, document: int | None = None, month: str = "", since: int = 0, limit: int = 5000
) -> list[EntryView]:
    rows = entries().filter(pk__gt=since)
    if cause is not None:
        rows = rows.filter(cause_id=cause)
    if document is not None:
        rows = rows.filter(Q(move__document_id=document) | Q(event__document_id=document))
    if month:
        first = date.fromisoformat(f"{month}-01")
        rows = rows.filter(dated_on__year=first.year, dated_on__month=first.month)
    return [entry_view(row) for row in rows[:limit]]


def entry_view(row: CostEntry) -> EntryView:
    document = row.move.document if row.move else row.event.document if row.event else None
    if document is None:
        raise LookupError(row.pk)
    item = row.move.item if row.move else row.group.item
    warehouse = row.move.warehouse if row.move else row.group.warehouse
    reason = _reason(row, document.reason)
    return EntryView(
        id=row.pk, kind=row.kind, dated_on=row.dated_on, amount=row.amount, reason=reason,
        finance_reason=LATE_REASON if row.kind == "late" else FINANCE_REASON[reason], item_id=item.pk, item=item.code,
        category_id=item.category_id, category=item.category.code if item.category else "",
        warehouse_id=warehouse.pk if warehouse else None, warehouse=warehouse.code if warehouse else "",
        warehouse_kind=warehouse.kind if warehouse else "", move_id=row.move_id, document_id=document.pk,
        document=document.number, partner_id=document.partner_id,
        source=Source(kind=document.source_kind, number=document.source_number, line=document.source_line),
        cause=row.cause_id, posted_at=row.posted_at, quantity=row.move.quantity if row.move else None,
    )  # fmt: skip


def _reason(row: CostEntry, own: str) -> str:
    """Freight is freight on whatever receipt it lies; everything else is what its move is."""
    if row.kind == "landed":
        return "landed_cost"
    return row.move.reason if row.move else own
