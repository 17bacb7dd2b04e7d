"""Lists of stock documents, and one of them for its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from apps.inventory.models import CostEntry, StockDocument, StockDocumentLine
from kernel.errors import NotFound

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class DocumentFilter:
    """What a list is narrowed to; None = not at all. `state` also takes "reversed"."""

    kind: str | None = None
    state: str | None = None
    reason: str | None = None
    warehouse_id: int | None = None
    partner_id: int | None = None
    item_id: int | None = None
    since: date | None = None
    until: date | None = None
    number: str | None = None
    source: str | None = None
    search: str | None = None


def listed(wanted: DocumentFilter) -> QuerySet[StockDocument]:
    """Documents, newest first, with lines and items read beside them."""
    lines = StockDocumentLine.objects.select_related("item").order_by("line", "id")
    rows = filtered(wanted).select_related("warehouse", "to_warehouse", "partner", "reverses")
    return (
        rows.prefetch_related(Prefetch("lines", queryset=lines))
        .annotate(is_reversed=Exists(StockDocument.objects.filter(reverses=OuterRef("pk"))))
        .order_by("-moved_on", "-id")
    )


def filtered(wanted: DocumentFilter) -> QuerySet[StockDocument]:
    """The rows of the filter, in no order."""
    plain = {
        "kind": wanted.kind,
        "reason": wanted.reason,
        "partner_id": wanted.partner_id,
        "moved_on__gte": wanted.since,
        "moved_on__lte": wanted.until,
        "number": wanted.number,
        "source_number": wanted.source,
    }
    rows = StockDocument.objects.filter(**{name: value for name, value in plain.items() if value is not None})
    if wanted.warehouse_id is not None:
        rows = rows.filter(Q(warehouse_id=wanted.warehouse_id) | Q(to_warehouse_id=wanted.warehouse_id))
    if wanted.item_id is not None:
        lines = StockDocumentLine.objects.filter(document_id=OuterRef("pk"), item_id=wanted.item_id)
        rows = rows.filter(Exists(lines))
    if wanted.search:
        rows = rows.filter(_matching(wanted.search))
    return _in_state(rows, wanted.state)


def counts(wanted: DocumentFilter) -> Mapping[str, int]:
    """{state: how many} of the filter without its state; "" = all."""
    rows = filtered(DocumentFilter(**{**wanted.__dict__, "state": None}))
    found = dict(rows.values_list("state").annotate(n=Count("id")).values_list("state", "n"))
    return {"": sum(found.values()), "draft": found.get("draft", 0), "posted": found.get("posted", 0)}


def amounts(ids: Iterable[int]) -> dict[int, Decimal]:
    """{document id: signed value of its moves without late entries}; one query."""
    rows = CostEntry.objects.filter(move__document_id__in=list(ids)).exclude(kind=CostEntry.Kind.LATE)
    sums = rows.values("move__document_id").annotate(total=Sum("amount"))
    return dict(sums.values_list("move__document_id", "total"))


def document_at(document_id: int, kind: str | None = None) -> StockDocument:
    """One document, of this kind. Raises NotFound."""
    rows = StockDocument.objects.select_related("warehouse", "to_warehouse", "partner", "reverses")
    found = rows.filter(pk=document_id, **({"kind": kind} if kind else {})).first()
    if found is None:
        raise NotFound(_("找不到这张单据，请刷新列表。"))
    return found


def _in_state(rows: QuerySet[StockDocument], state: str | None) -> QuerySet[StockDocument]:
    if state == "reversed":
        return rows.filter(Exists(StockDocument.objects.filter(reverses=OuterRef("pk"))))
    return rows if state is None else rows.filter(state=state)


def _matching(search: str) -> Q:
    wanted: Any = Q()
    for word in search.split()[:6]:
        wanted &= (
            Q(number__icontains=word)
            | Q(note__icontains=word)
            | Q(source_number__icontains=word)
            | Q(partner__search_text__contains=word.lower())
        )
    return wanted


def landed_lines(document_id: int) -> list[Any]:
    """Lines of a landed cost with the receipt's line that bears each."""
    rows = StockDocumentLine.objects.filter(document_id=document_id).select_related("target__document")
    return list(rows.order_by("line", "id"))
