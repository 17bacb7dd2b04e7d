"""领料 and 退料: material of an order leaves stock and comes back, by kit or by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.masterdata import public as masterdata
from apps.production import links
from apps.production.events import MaterialIssued
from apps.production.models import WorkOrder, WorkOrderMaterial, WorkOrderMove
from apps.production.services.order_locks import lock_order, materials_of
from apps.production.services.order_moves import Wanted, give_back_lines, start, still_out, write_moves
from apps.production.services.order_stock import let_go, push_plan
from apps.production.services.shop_refusals import (
    check_decimals,
    check_not_future,
    check_verb,
    order_unknown,
    plain,
    refused,
    wrong_input,
)
from kernel import audit
from kernel.events import publish
from tenants.rights import Member


@dataclass(frozen=True, kw_only=True)
class PickLine:
    """One material: code, quantity in stock units (> 0), and the lot if it matters (else the earliest to expire).

    `lot`: the serial number of what is tracked by piece; `location`: the bin it is taken from, by code.
    """

    item: str
    quantity: Decimal
    lot: str = ""
    location: str = ""


@dataclass(frozen=True, kw_only=True)
class Picked:
    """What a stock document did for an order; amounts are None until stock values them."""

    order: WorkOrder
    document: str
    lines: tuple[links.MovedLine, ...]
    document_id: int = 0


@transaction.atomic
def issue(
    *,
    order_id: int,
    warehouse: str = "",
    moved_on: date,
    actor: Member,
    at: datetime,
    today: date,
    lines: Sequence[PickLine] = (),
    kit: bool = False,
    reason: str = "",
    version: int | None = None,
) -> Picked:
    """Take material for an order from a warehouse: `lines`, or with `kit` all that is still open and not back-flushed.

    More than required needs a `reason` (409 `over_issue`). Publishes MaterialIssued. Raises Invalid `unknown_item`,
    `unknown_warehouse`, `too_many_decimals`, `future_date`; DomainError `wrong_state`, `order_closed`, and what
    inventory raises (`not_enough_stock`, `lot_not_usable`, `period_closed`, …).
    """
    check_not_future(moved_on, today, "moved_on")
    order = lock_order(order_id)
    place = place_of(order, warehouse)
    check_verb(order, "issue")
    materials = materials_of(order)
    wanted = _kit(materials) if kit else _wanted(order, materials, lines, reason=reason)
    if not wanted:
        raise refused("over_issue", _("这张工单没有要领的料了。"))
    moved = links.issue(
        order=order.number, warehouse_id=place, moved_on=moved_on, actor=actor, at=at,
        lines=[links.Line(one.material.item_id, one.quantity, one.lot, location=one.location) for one in wanted],
        note=reason,
    )  # fmt: skip
    for one in wanted:
        one.material.issued += one.quantity
    return _finish(order, materials, wanted, moved, [], place, moved_on, actor, at, reason)


@transaction.atomic
def give_back(
    *,
    order_id: int,
    warehouse: str = "",
    moved_on: date,
    lines: Sequence[PickLine],
    actor: Member,
    at: datetime,
    today: date,
    kit: bool = False,
    reason: str = "",
) -> Picked:
    """退料: material that was issued and not used returns to stock at what it left with; `kit` = all of it.

    Publishes MaterialIssued (the document tells the direction). Raises `over_returned`, and as `issue`.
    """
    check_not_future(moved_on, today, "moved_on")
    order = lock_order(order_id)
    place = place_of(order, warehouse)
    check_verb(order, "return")
    materials = materials_of(order)
    wanted = _all_unused(materials) if kit else _returned(materials, lines)
    if not wanted:
        raise refused("over_returned", _("这张工单没有可退的料。"))
    sources = _sources(order, wanted)
    moved = links.take_back(
        order=order.number, warehouse_id=place, moved_on=moved_on, actor=actor, at=at, note=reason,
        lines=[links.Line(row.item_id, part, move.lot, move.move_id or None) for row, move, part in sources],
    )  # fmt: skip
    for one in wanted:
        one.material.returned += one.quantity
    return _finish(order, materials, wanted, moved, sources, place, moved_on, actor, at, reason)


@transaction.atomic
def take_back_issue(*, document_id: int, actor: Member, at: datetime, today: date) -> Picked:
    """What one issue took returns whole, to where it lay: an issue by mistake. It is a return (退料) like any other.

    Raises NotFound for what is no issue of a work order, `over_returned` when a part of it has come back already, and
    as `give_back`.
    """
    rows = list(WorkOrderMove.objects.filter(document_id=document_id, kind=WorkOrderMove.Kind.ISSUE).order_by("id"))
    if not rows:
        raise order_unknown()
    order = lock_order(rows[0].order_id)
    check_verb(order, "return")
    materials = {row.pk: row for row in materials_of(order)}
    left = {move.pk: rest for move, rest in still_out(order.pk, [row.material_id or 0 for row in rows])}
    if any(left.get(row.pk) != row.quantity for row in rows):
        raise refused("over_returned", _("这次领的料已有退回，请在工单里退料。"))
    sources = [(materials[row.material_id or 0], row, row.quantity) for row in rows]
    places = links.locations_of(document_id)
    moved = links.take_back(
        order=order.number, warehouse_id=rows[0].warehouse_id, moved_on=today, actor=actor, at=at,
        lines=[
            links.Line(material.item_id, part, move.lot, move.move_id or None, places.get(move.move_id, ""))
            for material, move, part in sources
        ],
    )  # fmt: skip
    wanted = [Wanted(material, part, move.lot) for material, move, part in sources]
    for one in wanted:
        one.material.returned += one.quantity
    place = rows[0].warehouse_id
    return _finish(order, list(materials.values()), wanted, moved, sources, place, today, actor, at, "")


def _sources(order: WorkOrder, wanted: Sequence[Wanted]) -> "list[Source]":
    out = still_out(order.pk, [one.material.pk for one in wanted])
    sources = give_back_lines(out, wanted)
    if sum(part for _row, _move, part in sources) != sum(one.quantity for one in wanted):
        raise refused("over_returned", _("这张工单没有领过这么多这个批次的料，请核对批次和数量。"))
    return sources


Source = tuple[WorkOrderMaterial, WorkOrderMove, Decimal]


def _finish(
    order: WorkOrder,
    materials: Sequence[WorkOrderMaterial],
    wanted: Sequence[Wanted],
    moved: links.Moved,
    sources: Sequence[Source],
    place: int | None,
    moved_on: date,
    actor: Member,
    at: datetime,
    reason: str,
) -> Picked:
    """Write an issue, or a return of `sources`."""
    kind = WorkOrderMove.Kind.RETURN if sources else WorkOrderMove.Kind.ISSUE
    changed = {one.material.pk: one.material for one in wanted}
    WorkOrderMaterial.objects.bulk_update(changed.values(), ["issued", "returned"])
    write_moves(
        order, kind, moved, rows=[row[0] for row in sources or wanted], origins=[move for _row, move, _q in sources],
        warehouse_id=place, moved_on=moved_on, actor=actor, at=at, reason=reason,
    )  # fmt: skip
    start(order)
    push_plan(order)
    if not sources:
        let_go(order, materials, actor=actor, at=at)
    total: dict[str, Decimal] = {}
    for one in wanted:
        total[one.material.item.code] = total.get(one.material.item.code, Decimal(0)) + one.quantity
    changes = {code: [None, plain(quantity)] for code, quantity in total.items()}
    audit.record(
        actor=actor, action=f"work_order.{kind}", object=f"work_order:{order.pk}",
        label=f"{order.number} {moved.number}".strip(), changes=changes,
    )  # fmt: skip
    publish(MaterialIssued(work_order_id=order.pk, document=moved.number, moved_on=str(moved_on)))
    return Picked(order=order, document=moved.number, lines=moved.lines, document_id=moved.document_id)


def place_of(order: WorkOrder, code: str) -> int | None:
    """The warehouse that is named, else the order's own; None where no stock is kept and none is named.

    Raises Invalid `unknown_warehouse`.
    """
    if not code:
        if order.warehouse_id is None and links.has_stock():
            raise wrong_input("unknown_warehouse", _("请填写仓库。"), "warehouse")
        return order.warehouse_id
    found = masterdata.warehouse_by_code(code)
    if found is None or not found.is_active:
        raise wrong_input("unknown_warehouse", _("没有仓库 %(code)s。") % {"code": code[:40]}, "warehouse")
    return found.id


def _kit(materials: Sequence[WorkOrderMaterial]) -> list[Wanted]:
    return [Wanted(row, row.open) for row in materials if row.open > 0 and not row.backflush]


def _all_unused(materials: Sequence[WorkOrderMaterial]) -> list[Wanted]:
    return [Wanted(row, row.used - row.backflushed) for row in materials if row.used > row.backflushed]


def _wanted(
    order: WorkOrder, materials: list[WorkOrderMaterial], lines: Sequence[PickLine], *, reason: str
) -> list[Wanted]:
    found = masterdata.items_by_code(line.item for line in lines)
    taken: dict[int, Decimal] = {}
    wanted = []
    for index, line in enumerate(lines):
        item = _item(found, line, index)
        rows = [one for one in materials if one.item_id == item.id]
        room = sum((one.open - taken.get(one.pk, Decimal(0)) for one in rows), Decimal(0))
        if line.quantity > room and not reason:
            raise _over_issue(item.label, sum((one.open for one in rows), Decimal(0)), index)
        for row, part in _spread(rows or [_extra(order, materials, item)], line.quantity, taken):
            wanted.append(Wanted(row, part, line.lot, line.location))
    return wanted


def _spread(
    rows: Sequence[WorkOrderMaterial], quantity: Decimal, taken: dict[int, Decimal]
) -> list[tuple[WorkOrderMaterial, Decimal]]:
    """What each line of one material gets: the first ones what is open there, what is beyond all goes to the first.

    `taken` counts what earlier lines took.
    """
    parts = {}
    for row in rows:
        parts[row.pk] = min(quantity, max(row.open - taken.get(row.pk, Decimal(0)), Decimal(0)))
        quantity -= parts[row.pk]
    parts[rows[0].pk] += quantity
    for row in rows:
        taken[row.pk] = taken.get(row.pk, Decimal(0)) + parts[row.pk]
    return [(row, parts[row.pk]) for row in rows if parts[row.pk] > 0]


def _item(found: dict[str, masterdata.ItemInfo], line: PickLine, index: int) -> masterdata.ItemInfo:
    item = found.get(line.item)
    if item is None:
        spot = f"lines.{index}.item"
        raise wrong_input("unknown_item", _("没有物料 %(code)s。") % {"code": line.item[:40]}, spot)
    if line.quantity <= 0:
        raise wrong_input("invalid", _("数量要大于零。"), f"lines.{index}.quantity")
    check_decimals(line.quantity, item.decimals, f"lines.{index}.quantity")
    return item


def _over_issue(label: str, open_quantity: Decimal, index: int) -> Exception:
    message = _("%(item)s 还可领 %(open)s，超领请写明原因。") % {"item": label, "open": plain(open_quantity)}
    return refused("over_issue", message, f"lines.{index}.quantity")


def _extra(order: WorkOrder, materials: list[WorkOrderMaterial], item: masterdata.ItemInfo) -> WorkOrderMaterial:
    # A substitute or an extra: it has a line of its own, required 0, so that every issue belongs to a line.
    line = max((row.line for row in materials), default=0) + 10
    row = WorkOrderMaterial.objects.create(order=order, line=line, item_id=item.id)
    materials.append(row)
    return row


def _returned(materials: Sequence[WorkOrderMaterial], lines: Sequence[PickLine]) -> list[Wanted]:
    found = masterdata.items_by_code(line.item for line in lines)
    given: dict[int, Decimal] = {}
    wanted = []
    for index, line in enumerate(lines):
        item = _item(found, line, index)
        row = next((one for one in materials if one.item_id == item.id), None)
        left = row.used if row else Decimal(0)
        if row is not None:
            given[row.pk] = given.get(row.pk, Decimal(0)) + line.quantity
        if row is None or given[row.pk] > left:
            message = _("%(item)s 领用 %(left)s，退料不能比它多。") % {"item": item.label, "left": plain(left)}
            raise refused("over_returned", message, f"lines.{index}.quantity")
        wanted.append(Wanted(row, line.quantity, line.lot))
    return wanted
