"""齐套检查 of open work orders against stock, and against what is expected."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from apps.masterdata import public as masterdata
from apps.production import plan_links
from apps.production.domain.kit import Expected, KitAnswer, KitLine, KitOrder, Reserved, Supply, check
from apps.production.domain.quantities import to_int
from apps.production.models import WorkOrder, WorkOrderMaterial
from apps.production.selectors.open_orders import open_orders
from apps.production.selectors.plan_settings import settings
from apps.production.services.plan_refusals import wrong


@dataclass(frozen=True)
class Substitute:
    """An item that may stand in: `ratio` of it for one, `available` now."""

    item: str
    ratio: str
    available: int


@dataclass(frozen=True)
class KitReport:
    """The answer; `substitutes` by (order number, item)."""

    answer: KitAnswer
    items: Mapping[str, masterdata.ItemInfo]
    substitutes: Mapping[tuple[str, str], list[Substitute]]
    coming: Mapping[str, list[plan_links.Coming]]


def kit_check(
    *,
    numbers: Iterable[str] | None,
    since: date | None,
    until: date | None,
    in_sequence: bool,
    expected: bool,
    today: date,
) -> KitReport:
    """Check orders by number, or those that start from `since` to `until` (open ends allowed).

    An order on hold waits for nobody: it takes part only when it is named. Raises Invalid `unknown_work_order`.
    """
    rows = _orders(numbers, since, until)
    used = {line.item_id for row in rows for line in row.materials.all()}
    known = masterdata.get_items(used)
    codes = {pk: item.code for pk, item in known.items()}
    offers = {one["item"] for row in rows for line in row.materials.all() for one in line.alternates}
    offered = masterdata.items_by_code(offers)
    coming = [row for row in plan_links.coming(used) if row.item_id in known]
    supply = Supply(
        {codes[pk]: to_int(quantity) for pk, quantity in plan_links.usable_stock(used).items()},
        [_reserved(row, codes) for row in plan_links.held(used)],
        [*_arrivals(coming, codes), *_outputs(codes)],
    )
    orders = [_kit_order(row, codes, today) for row in rows]
    answer = check(
        orders, supply, in_sequence=in_sequence, hold_partial=settings().hold_partial, with_expected=expected
    )
    by_item: dict[str, list[plan_links.Coming]] = {}
    for row in coming:
        by_item.setdefault(codes[row.item_id], []).append(row)
    free = plan_links.free_stock(item.id for item in offered.values()) if offered else {}
    return KitReport(answer, {item.code: item for item in known.values()}, _substitutes(rows, offered, free), by_item)


def _orders(numbers: Iterable[str] | None, since: date | None, until: date | None) -> list[WorkOrder]:
    materials = Prefetch("materials", WorkOrderMaterial.objects.select_related("item").order_by("line"))
    rows = WorkOrder.objects.filter(state__in=WorkOrder.OPEN).select_related("item").prefetch_related(materials)
    if numbers is not None:
        wanted = list(dict.fromkeys(numbers))
        found = {row.number: row for row in rows.filter(number__in=wanted).order_by("id")}
        for at, number in enumerate(wanted):
            if number not in found:
                sentence = _("没有未完的工单 %(number)s。") % {"number": number[:64]}
                raise wrong("unknown_work_order", sentence, f"work_orders.{at}")
        return list(found.values())
    rows = rows.exclude(state=WorkOrder.State.ON_HOLD)
    if since is not None:
        rows = rows.filter(Q(start_on__gte=since) | Q(start_on__isnull=True, due_on__gte=since))
    if until is not None:
        rows = rows.filter(Q(start_on__lte=until) | Q(start_on__isnull=True, due_on__lte=until))
    return list(rows.order_by("priority", "start_on", "number", "id"))


def _kit_order(row: WorkOrder, codes: Mapping[int, str], today: date) -> KitOrder:
    lines = tuple(KitLine(codes[line.item_id], to_int(line.open)) for line in row.materials.all())
    return KitOrder(row.number, row.priority, row.start_on or today, to_int(row.quantity), lines)


def _reserved(row: plan_links.Held, codes: Mapping[int, str]) -> Reserved:
    """An order's own reservation is there for it; what is kept for anybody else is not."""
    holder = row.number if row.kind == plan_links.OWN else f"{row.kind}:{row.number}"
    return Reserved(codes[row.item_id], to_int(row.quantity), holder)


def _arrivals(coming: list[plan_links.Coming], codes: Mapping[int, str]) -> list[Expected]:
    return [Expected(codes[row.item_id], row.due_on, to_int(row.quantity)) for row in coming]


def _outputs(codes: Mapping[int, str]) -> list[Expected]:
    """What other work orders will bring."""
    return [
        Expected(codes[order.item_id], order.due_on, to_int(order.left))
        for order in open_orders()
        if order.item_id in codes and order.left > 0
    ]


def _substitutes(
    rows: list[WorkOrder], offered: Mapping[str, masterdata.ItemInfo], stock: Mapping[int, Decimal]
) -> dict[tuple[str, str], list[Substitute]]:
    found: dict[tuple[str, str], list[Substitute]] = {}
    for row in rows:
        for line in row.materials.all():
            offers = sorted(line.alternates, key=lambda one: (int(one.get("priority", 1)), one["item"]))
            found[row.number, line.item.code] = [
                Substitute(one["item"], str(one.get("ratio", "1")), to_int(stock.get(offered[one["item"]].id, 0)))
                for one in offers
                if one["item"] in offered
            ]
    return found
