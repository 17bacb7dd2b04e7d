"""倒冲: material that is taken when pieces are reported, at its standard quantity for good and scrap."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.production import links
from apps.production.domain import order_life
from apps.production.events import MaterialIssued
from apps.production.models import Report, WorkOrder, WorkOrderMaterial, WorkOrderMove, WorkOrderStep
from apps.production.services.order_moves import still_out, write_moves
from apps.production.services.shop_refusals import refused
from kernel.events import publish
from tenants.rights import Member


def used_at(
    materials: Sequence[WorkOrderMaterial], steps: Sequence[WorkOrderStep], step: WorkOrderStep
) -> list[WorkOrderMaterial]:
    """The back-flushed materials that this report point takes.

    Those of its own step and of the steps since the last report point; the last point takes all that is left over,
    material without a step too.
    """
    if not step.report_point:
        return []
    points = [one.seq for one in steps if one.report_point]
    before = max((seq for seq in points if seq < step.seq), default=-1)
    end = _END if step.seq == max(points) else step.seq
    flushed = [row for row in materials if row.backflush]
    return [row for row in flushed if before < (_END if row.step_seq is None else row.step_seq) <= end]


_END = 2**31


def take(
    order: WorkOrder,
    rows: Sequence[WorkOrderMaterial],
    counted: Decimal,
    *,
    report: Report | None,
    moved_on: date,
    actor: Member,
    at: datetime,
) -> None:
    """Take what `counted` pieces (good and scrap so far) use and has not been issued yet.

    The target is cumulative, so that rounding up comes once an order, and what a clerk issued by hand counts.
    Publishes MaterialIssued. Raises `no_warehouse` and what inventory raises (`not_enough_stock`, …).
    """
    wanted = [(row, quantity) for row in rows if (quantity := _missing(row, counted)) > 0]
    if not wanted:
        return
    place = _place(order)
    moved = links.issue(
        order=order.number, warehouse_id=place, moved_on=moved_on, actor=actor, at=at,
        lines=[links.Line(row.item_id, quantity) for row, quantity in wanted],
    )  # fmt: skip
    for row, quantity in wanted:
        row.issued += quantity
        row.backflushed += quantity
    _store(order, [row for row, _q in wanted], moved, [], place, report, moved_on, actor, at)


def _missing(row: WorkOrderMaterial, counted: Decimal) -> Decimal:
    decimals = row.item.stock_unit.decimals
    return order_life.required(row.per_unit_exact, row.fixed_exact, counted, decimals) - row.used


def give_back(
    order: WorkOrder,
    materials: Sequence[WorkOrderMaterial],
    undone: Report,
    *,
    report: Report,
    moved_on: date,
    actor: Member,
    at: datetime,
) -> None:
    """Put back exactly what the undone report took, at what it left with. Publishes MaterialIssued."""
    by_id = {row.pk: row for row in materials}
    out = [pair for pair in still_out(order.pk, list(by_id)) if pair[0].report_id == undone.pk]
    if not out:
        return
    place = out[0][0].warehouse_id or _place(order)
    moved = links.take_back(
        order=order.number, warehouse_id=place, moved_on=moved_on, actor=actor, at=at,
        lines=[links.Line(move.item_id, quantity, move.lot, move.move_id or None) for move, quantity in out],
    )  # fmt: skip
    rows = [by_id[move.material_id or 0] for move, _quantity in out]
    for row, (_move, quantity) in zip(rows, out, strict=True):
        row.issued -= quantity
        row.backflushed -= quantity
    _store(order, rows, moved, [move for move, _q in out], place, report, moved_on, actor, at)


def _store(
    order: WorkOrder,
    rows: Sequence[WorkOrderMaterial],
    moved: links.Moved,
    origins: Sequence[WorkOrderMove],
    place: int | None,
    report: Report | None,
    moved_on: date,
    actor: Member,
    at: datetime,
) -> None:
    """Write what was taken, or what came back of `origins`."""
    kind = WorkOrderMove.Kind.BACKFLUSH_UNDO if origins else WorkOrderMove.Kind.BACKFLUSH
    WorkOrderMaterial.objects.bulk_update({row.pk: row for row in rows}.values(), ["issued", "backflushed"])
    write_moves(
        order, kind, moved, rows=rows, origins=origins, warehouse_id=place, moved_on=moved_on, actor=actor, at=at,
        report=report,
    )  # fmt: skip
    publish(MaterialIssued(work_order_id=order.pk, document=moved.number, moved_on=str(moved_on)))


def _place(order: WorkOrder) -> int | None:
    """Where material is taken from: the line-side warehouse if there is one, else the order's own, else the first.

    None where no stock is kept.
    """
    place = links.line_side() or order.warehouse_id or links.first_warehouse()
    if place is None and links.has_stock():
        raise refused("no_warehouse", _("还没有仓库，无法倒冲，请先在基础资料里建仓库。"))
    return place
