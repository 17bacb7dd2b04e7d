"""预计入库 and 已承诺: what others plan, pushed down and replaced as a whole."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from apps.inventory.models import Commitment, ExpectedReceipt
from apps.inventory.records import PromiseRow, Source
from apps.inventory.services.stock import naming
from apps.masterdata import public as masterdata


@transaction.atomic
def put_expected(source: Source, rows: Sequence[PromiseRow]) -> None:
    """Replace all expected receipts of `source` (kind and number) by `rows`; no rows = none any more.

    Raises Invalid `unknown_item`, `unknown_warehouse`.
    """
    kept = _ids(rows)
    ExpectedReceipt.objects.filter(source_kind=source.kind, source_number=source.number).delete()
    ExpectedReceipt.objects.bulk_create(
        ExpectedReceipt(
            item_id=item, warehouse_id=warehouse, quantity=row.quantity, received=min(row.done, row.quantity),
            due_on=row.due_on, firm=row.firm, source_kind=source.kind, source_number=source.number,
            source_line=row.line,
        )
        for row, item, warehouse in kept
    )  # fmt: skip


@transaction.atomic
def put_commitments(source: Source, rows: Sequence[PromiseRow]) -> None:
    """Replace all commitments of `source` (kind and number) by `rows`; confirmed sales orders use it too.

    Raises Invalid `unknown_item`, `unknown_warehouse`.
    """
    kept = _ids(rows)
    Commitment.objects.filter(source_kind=source.kind, source_number=source.number).delete()
    Commitment.objects.bulk_create(
        Commitment(
            item_id=item, warehouse_id=warehouse, quantity=row.quantity, done=min(row.done, row.quantity),
            due_on=row.due_on, source_kind=source.kind, source_number=source.number, source_line=row.line,
        )
        for row, item, warehouse in kept
    )  # fmt: skip


def _ids(rows: Sequence[PromiseRow]) -> list[tuple[PromiseRow, int, int | None]]:
    """Rows that promise something, with ids for their codes."""
    wanted = [row for row in rows if row.quantity > Decimal(0)]
    if not wanted:
        return []
    items = naming.find_items([row.item for row in wanted], all_states=True)
    places = masterdata.warehouses_called({row.warehouse for row in wanted if row.warehouse})
    return [
        (row, item.id, places[row.warehouse].id if row.warehouse in places else None)
        for row, item in zip(wanted, items, strict=True)
    ]
