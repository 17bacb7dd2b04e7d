"""Runs of material planning and what they propose, as pages and the API read them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from apps.masterdata import public as masterdata
from apps.production import packing
from apps.production.domain.quantities import to_decimal
from apps.production.models import Demand, Peg, PlanMessage, PlannedOrder, PlanReceipt, PlanRow, PlanRun
from apps.production.services.plan_numbers import PLANNED_FIRST, ids_of_run
from apps.production.services.plan_refusals import absent

Refs = dict[tuple[str, int], str]


def run_at(run_id: int) -> PlanRun:
    """Raises NotFound."""
    found = PlanRun.objects.filter(pk=run_id).first()
    if found is None:
        raise absent()
    return found


def runs() -> QuerySet[PlanRun]:
    return PlanRun.objects.order_by("-id")


def current_run() -> PlanRun | None:
    """The proposal in force."""
    return PlanRun.objects.filter(is_current=True).first()


def planned_orders(
    run: PlanRun, *, item_id: int | None = None, kind: str = "", level: int | None = None, search: str = ""
) -> QuerySet[PlannedOrder]:
    """Planned orders of a run, those to be released first at the top: by release day and due day, as their ids are."""
    rows = PlannedOrder.objects.filter(pk__range=ids_of_run(run.pk)).select_related("item__stock_unit")
    if item_id is not None:
        rows = rows.filter(_of_item(run, item_id))
    if kind:
        rows = rows.filter(kind=kind)
    if level is not None:
        rows = rows.filter(level=level)
    if search:
        rows = rows.filter(item__search_text__icontains=search.casefold())
    return rows.order_by("id")


def to_release_now(today: date) -> QuerySet[PlannedOrder]:
    """Planned orders of the proposal in force whose release day has come and that nobody has released.

    They stand at the beginning of the run's ids: the search ends at the first order of a later day.
    """
    runs = PlanRun.objects.filter(is_current=True)
    first = Subquery(runs.values(first=F("id") * PLANNED_FIRST))
    beyond = Subquery(runs.values(beyond=(F("id") + 1) * PLANNED_FIRST))
    proposed = PlannedOrder.objects.filter(pk__gte=first, pk__lt=beyond)
    later = Subquery(proposed.filter(release_on__gt=today).order_by("id").values("id")[:1])
    return proposed.filter(pk__lt=Coalesce(later, beyond), released_as="")


def _of_item(run: PlanRun, item_id: int) -> Q:
    """Planned orders of one item: by the ids that its row holds, for there is no index by item."""
    packed = PlanRow.objects.filter(run=run, item_id=item_id).values_list("orders", flat=True).first()
    return Q(item_id=item_id) if packed is None else Q(pk__in=packing.unpack(packing.ORDER, packed).tolist())


def messages(
    run: PlanRun,
    *,
    item_id: int | None = None,
    code: str = "",
    search: str = "",
    urgent_first: Sequence[str] = (),
) -> QuerySet[PlanMessage]:
    """Messages of a run by code (in the order of `urgent_first`, else of the alphabet), item and id."""
    rows = PlanMessage.objects.filter(run=run).select_related("item")
    if item_id is not None:
        rows = rows.filter(item_id=item_id)
    if code:
        rows = rows.filter(code=code)
    if search:
        rows = rows.filter(Q(item__search_text__icontains=search.casefold()) | Q(order_number__icontains=search))
    if urgent_first:
        places = [When(code=one, then=Value(place)) for place, one in enumerate(urgent_first)]
        rows = rows.annotate(urgency=Case(*places, default=Value(len(places)), output_field=IntegerField()))
        return rows.order_by("urgency", "-days", "item_id", "id")
    return rows.order_by("code", "item_id", "id")


def message_counts(run: PlanRun) -> dict[str, int]:
    """{code: how many}."""
    rows = PlanMessage.objects.filter(run=run).values("code").order_by("code").annotate(count=Count("id"))
    return {row["code"]: row["count"] for row in rows}


@dataclass(frozen=True)
class PlanDay:
    """One day of an item on which something happens; stock units."""

    on: date
    gross: Decimal
    scheduled: Decimal
    planned_receipt: Decimal
    planned_release: Decimal
    projected: Decimal


@dataclass(frozen=True)
class ItemPlan:
    """An item's plan: what there is at the start, and each day on which something happens."""

    item: masterdata.ItemInfo
    kind: str
    level: int
    on_hand: Decimal
    safety_stock: Decimal
    rows: list[PlanDay]


def item_plan(run: PlanRun, item: masterdata.ItemInfo) -> ItemPlan:
    """The plan of one item. Raises NotFound when the run did not plan it."""
    row = PlanRow.objects.filter(run=run, item_id=item.id).first()
    if row is None:
        raise absent()
    days = [_plan_day(run, day) for day in packing.unpack(packing.DAY, row.days)]
    return ItemPlan(item, row.kind, row.level, row.on_hand, row.safety_stock, days)


def _plan_day(run: PlanRun, row: Any) -> PlanDay:
    figures = (to_decimal(row[name]) for name in ("gross", "scheduled", "receipt", "release", "projected"))
    return PlanDay(run.start_on + timedelta(days=int(row["day"])), *figures)


@dataclass(frozen=True)
class PegEdge:
    """`quantity` of a supply serves a requirement of `need_quantity`, both of one item."""

    item_id: int
    need_kind: str
    need_id: int
    need_on: date
    need_quantity: Decimal
    supply_kind: str
    supply_id: int
    supply_on: date
    quantity: Decimal


def edges(
    run: PlanRun, *, item_id: int | None = None, order_id: int | None = None, demand_id: int | None = None
) -> list[PegEdge]:
    """Edges of a run by item and requirement. `order_id`: what a planned order serves and what it waits for."""
    found: list[PegEdge] = []
    for row in _peg_rows(run, item_id, order_id, demand_id):
        table = packing.unpack_edges(row.edges, run.pk * PLANNED_FIRST)
        mask = np.ones(len(table), dtype=bool)
        if order_id is not None:
            serves = (table["supply_kind"] == 2) & (table["supply_id"] == order_id)
            mask &= serves | ((table["need_kind"] == 2) & (table["need_id"] == order_id))
        if demand_id is not None:
            mask &= (table["need_kind"] == 0) & (table["need_id"] == demand_id)
        whole = _need_quantities(table)
        found.extend(_edge(run, row.item_id, table[at], int(whole[at])) for at in np.flatnonzero(mask))
    return found


def _peg_rows(run: PlanRun, item_id: int | None, order_id: int | None, demand_id: int | None) -> Iterable[Peg]:
    rows = Peg.objects.filter(run=run)
    if item_id is not None:
        rows = rows.filter(item_id=item_id)
    if demand_id is not None:
        rows = rows.filter(item_id__in=Demand.objects.filter(pk=demand_id).values("item_id"))
    if order_id is not None:
        # What only looks like the order is sorted out by the reader.
        rows = rows.extra(
            where=[
                "position(CASE WHEN substring(edges FROM 1 FOR 2) = %s::bytea THEN %s::bytea ELSE %s::bytea END"
                " IN edges) > 0"
            ],
            params=_needles(run, order_id),
        )
    return rows.order_by("item_id")


def _needles(run: PlanRun, order_id: int) -> list[bytes]:
    """How an order stands in packed edges: by its place in the run, or by its id in runs from before places."""
    place = (order_id - run.pk * PLANNED_FIRST) % PLANNED_FIRST
    return [packing.MARK, place.to_bytes(packing.ID_WIDTH, "little"), order_id.to_bytes(8, "little", signed=True)]


def _need_quantities(table: Any) -> Any:
    """The whole requirement of each edge: what all edges of one (kind, id, day) serve together."""
    if not len(table):
        return table["quantity"]
    keys = np.stack([table["need_kind"].astype(np.int64), table["need_id"], table["need_day"].astype(np.int64)])
    _found, group = np.unique(keys, axis=1, return_inverse=True)
    sums = np.zeros(int(group.max()) + 1, dtype=np.int64)
    np.add.at(sums, group.ravel(), table["quantity"])
    return sums[group.ravel()]


def _edge(run: PlanRun, item_id: int, row: Any, needed: int) -> PegEdge:
    return PegEdge(
        item_id,
        packing.NEED_KINDS[int(row["need_kind"])],
        int(row["need_id"]),
        run.start_on + timedelta(days=int(row["need_day"])),
        to_decimal(needed),
        packing.SUPPLY_KINDS[int(row["supply_kind"])],
        int(row["supply_id"]),
        run.start_on + timedelta(days=int(row["supply_day"])),
        to_decimal(row["quantity"]),
    )


def receipt_numbers(run: PlanRun, ids: Iterable[int]) -> dict[int, PlanReceipt]:
    """{id: open order} of the receipts that a run counted on."""
    rows = PlanReceipt.objects.filter(run=run, pk__in=set(ids))
    return {row.pk: row for row in rows.order_by("id")}


def item_codes(ids: Iterable[int]) -> Mapping[int, masterdata.ItemInfo]:
    return masterdata.get_items(ids)


def demands(*, item_id: int | None = None, state: str = "", kind: str = "", search: str = "") -> QuerySet[Demand]:
    """Demands by due day, urgent ones first."""
    rows = Demand.objects.select_related("item__stock_unit")
    if item_id is not None:
        rows = rows.filter(item_id=item_id)
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if search:
        rows = rows.filter(Q(item__search_text__icontains=search.casefold()) | Q(reference__icontains=search))
    return rows.order_by("due_on", "priority", "id")
