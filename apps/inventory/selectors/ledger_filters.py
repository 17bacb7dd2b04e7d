"""Moves and cost entries, narrowed to what a list asks for."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from apps.inventory.models import CostEntry, StockMove
from apps.inventory.selectors import ledger


def moves(
    *,
    item_id: int | None = None,
    warehouse_id: int | None = None,
    lot: str | None = None,
    serial: str | None = None,
    reason: str | None = None,
    document: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[StockMove]:
    """Ledger lines, newest first; `document` is a number."""
    plain: dict[str, Any] = {
        "item_id": item_id,
        "warehouse_id": warehouse_id,
        "lot__code": lot or serial,
        "reason": reason,
        "document__number": document,
        "moved_on__gte": since,
        "moved_on__lte": until,
    }
    return ledger.moves().filter(**{name: value for name, value in plain.items() if value is not None})


def entries(
    *,
    item_id: int | None = None,
    move_id: int | None = None,
    kind: str | None = None,
    cause: str | None = None,
    document: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[CostEntry]:
    """Cost entries in the order they were written; `cause` and `document` are numbers."""
    plain: dict[str, Any] = {
        "group__item_id": item_id,
        "move_id": move_id,
        "kind": kind,
        "cause__number": cause,
        "dated_on__gte": since,
        "dated_on__lte": until,
    }
    rows = ledger.entries().filter(**{name: value for name, value in plain.items() if value is not None})
    if document is not None:
        rows = rows.filter(Q(move__document__number=document) | Q(event__document__number=document))
    return rows
