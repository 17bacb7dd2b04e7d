"""What an order takes from its bill of materials: which version is in force, and what it needs of each component."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.masterdata import public as masterdata
from apps.production.domain import order_life, order_needs
from apps.production.models import Bom, BomLine, WorkOrder, WorkOrderMaterial
from apps.production.services.shop_refusals import refused


def active_bom(item_id: int, on: date) -> Bom | None:
    """The version that is active on the day; the database keeps them from overlapping."""
    return _in_force(Bom.objects.filter(item_id=item_id), on).order_by("-id").first()


def _in_force(rows: QuerySet[Bom], on: date) -> QuerySet[Bom]:
    return rows.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=on),
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        state=Bom.State.ACTIVE,
    )


def needs_of(bom: Bom, on: date) -> list[order_needs.Need]:
    """The needs of one unit of the bill's item on the day, phantoms opened. Raises `no_active_bom` for a phantom."""
    bills = {bom.item_id: _lines(bom, on)}

    def bill_of(item_id: int) -> Sequence[order_needs.Line] | None:
        if item_id not in bills:
            inner = active_bom(item_id, on)
            if inner is None:
                return None
            bills[item_id] = _lines(inner, on)
        return bills[item_id]

    try:
        return order_needs.needs(bills[bom.item_id], bill_of)
    except order_needs.NoBill as error:
        raise no_active_bom(masterdata.get_item(error.item).label) from error


def no_active_bom(label: str) -> Exception:
    message = _("%(item)s 没有启用的物料清单，请先启用一个版本，或直接填写用料。") % {"item": label}
    return refused("no_active_bom", message, "bom")


def _lines(bom: Bom, on: date) -> list[order_needs.Line]:
    rows = bom.lines.select_related("component").prefetch_related("alternates__item").order_by("line")
    valid = [
        row
        for row in rows.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gte=on)
        )
    ]
    items = masterdata.get_items(row.component_id for row in valid if row.unit)
    return [_line(row, bom, items.get(row.component_id)) for row in valid]


def _line(row: BomLine, bom: Bom, item: masterdata.ItemInfo | None) -> order_needs.Line:
    factor = Fraction(1)
    if item is not None and row.unit not in ("", item.stock_unit):
        factor = Fraction(item.units.get(row.unit, "1"))
    quantity = Fraction(row.quantity) / Fraction(bom.base_quantity) * (1 + Fraction(row.scrap_rate)) * factor
    alternates = sorted(row.alternates.all(), key=lambda one: (one.priority, one.pk))
    return order_needs.Line(
        component=row.component_id,
        quantity=quantity,
        fixed=Fraction(row.fixed_quantity) * factor,
        is_phantom=row.component.is_phantom if row.phantom is None else row.phantom,
        step_seq=row.operation,
        backflush=row.backflush,
        alternates=tuple(
            {"item": one.item.code, "ratio": str(one.ratio), "priority": str(one.priority)} for one in alternates
        ),
    )


def write_materials(order: WorkOrder, needs: Sequence[order_needs.Need]) -> None:
    """The order's materials anew from `needs`, numbered 10, 20, …; only before anything was issued."""
    items = masterdata.get_items(need.component for need in needs)
    WorkOrderMaterial.objects.filter(order=order).delete()
    WorkOrderMaterial.objects.bulk_create(
        WorkOrderMaterial(
            order=order,
            line=number * 10,
            item_id=need.component,
            per_unit=str(need.per_unit),
            fixed=str(need.fixed),
            required=order_life.required(need.per_unit, need.fixed, order.quantity, items[need.component].decimals),
            step_seq=need.step_seq,
            backflush=need.backflush,
            alternates=list(need.alternates),
        )
        for number, need in enumerate(needs, 1)
    )


def recount_materials(order: WorkOrder, materials: Sequence[WorkOrderMaterial]) -> None:
    """The requirements of a changed quantity, from the copy the order holds."""
    for row in materials:
        decimals = row.item.stock_unit.decimals
        row.required = order_life.required(row.per_unit_exact, row.fixed_exact, order.quantity, decimals)
    WorkOrderMaterial.objects.bulk_update(materials, ["required"])


def mark_used(bom: Bom) -> None:
    """Freeze a version that an order has copied."""
    Bom.objects.filter(pk=bom.pk, is_used=False).update(is_used=True)
