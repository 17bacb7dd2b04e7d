"""The order's own ledger of moves: what stock did for it, what may still come back, what its goods are made of."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Sum
from django.db.models.functions import Coalesce

from apps.production import links
from apps.production.models import Report, WorkOrder, WorkOrderMaterial, WorkOrderMove
from tenants.rights import Member


class Wanted(NamedTuple):
    """So much of a material, of a lot (or piece) and at a location if they matter."""

    material: WorkOrderMaterial
    quantity: Decimal
    lot: str = ""
    location: str = ""


def write_moves(
    order: WorkOrder,
    kind: str,
    moved: links.Moved,
    *,
    rows: Sequence[WorkOrderMaterial | None],
    origins: Sequence[WorkOrderMove | None] = (),
    warehouse_id: int | None,
    moved_on: date,
    actor: Member,
    at: datetime,
    report: Report | None = None,
    reason: str = "",
) -> list[WorkOrderMove]:
    """One row a ledger line of stock; `rows` (materials, None for output) and `origins` follow the document's lines."""
    sources = origins or [None] * len(rows)
    return WorkOrderMove.objects.bulk_create(
        WorkOrderMove(
            order=order, kind=kind, document_id=moved.document_id, document=moved.number, move_id=part.move_id,
            origin=origin, material=row, item_id=line.item_id, warehouse_id=warehouse_id, quantity=part.quantity,
            amount=part.amount, lot=part.lot, lot_id=part.lot_id, report=report, reason=reason, moved_on=moved_on,
            moved_by_id=actor.user_id, moved_by_name=actor.name, moved_at=at,
        )
        for line, row, origin in zip(moved.lines, rows, sources, strict=True)
        for part in line.parts
    )  # fmt: skip


def start(order: WorkOrder) -> None:
    """The first report or issue starts a released order; its version stays, nobody edited it."""
    if order.state == WorkOrder.State.RELEASED:
        order.state = WorkOrder.State.STARTED
        order.save(update_fields=["state"])


OUT = (WorkOrderMove.Kind.ISSUE, WorkOrderMove.Kind.BACKFLUSH)


def still_out(order_id: int, material_ids: Sequence[int]) -> list[tuple[WorkOrderMove, Decimal]]:
    """(move, quantity not given back) of what these materials took, the last issue first."""
    rows = WorkOrderMove.objects.filter(order_id=order_id, kind__in=OUT, material_id__in=list(material_ids))
    given = rows.annotate(back=Coalesce(Sum("given_back__quantity"), Decimal(0))).order_by("-id")
    return [(row, row.quantity - row.back) for row in given if row.quantity > row.back]


def give_back_lines(
    out: Sequence[tuple[WorkOrderMove, Decimal]], wanted: Sequence[Wanted]
) -> list[tuple[WorkOrderMaterial, WorkOrderMove, Decimal]]:
    """Which issues the returned quantities come from: the last first, of the named lot if one is named."""
    left = {row.pk: quantity for row, quantity in out}
    lines = []
    for material, quantity, lot, _location in wanted:
        for row, _quantity in out:
            if row.material_id != material.pk or (lot and row.lot != lot):
                continue
            part = min(quantity, left[row.pk])
            if part > 0:
                lines.append((material, row, part))
                left[row.pk] -= part
                quantity -= part
    return lines


def consumed(order_id: int) -> list[links.Consumed]:
    """What went into the order's goods, by lot: issued less given back."""
    rows = WorkOrderMove.objects.filter(order_id=order_id, kind__in=OUT)
    given = rows.annotate(back=Coalesce(Sum("given_back__quantity"), Decimal(0))).order_by("id")
    used: dict[tuple[int, int | None], Decimal] = {}
    for row in given:
        key = (row.item_id, row.lot_id)
        used[key] = used.get(key, Decimal(0)) + row.quantity - row.back
    return [links.Consumed(item, lot, quantity) for (item, lot), quantity in used.items() if quantity > 0]
