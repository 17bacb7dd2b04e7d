"""下达: planned orders become work orders and draft purchase orders, each once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.masterdata import public as masterdata
from apps.production import plan_links
from apps.production.models import Demand, PlannedOrder, PlanningData
from apps.production.selectors import plans
from apps.production.services.order_input import NewOrder
from apps.production.services.plan_refusals import AlreadyReleased
from apps.production.services.work_orders import create_work_order
from kernel import audit
from kernel.errors import DomainError
from tenants.rights import Member

MOST = 2000


@dataclass(frozen=True)
class Left:
    """A planned order that was not released, and why."""

    id: int
    code: str
    message: str


@dataclass
class Released:
    """Numbers of what was made, and what was left."""

    work_orders: list[str] = field(default_factory=list)
    purchase_orders: list[str] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


@transaction.atomic
def release_orders(*, run_id: int, order_ids: Iterable[int], actor: Member, at: datetime, today: date) -> Released:
    """Turn planned orders of a run into work orders (drafts) and draft purchase orders, one per supplier.

    An order that was released before, is stopped, has no supplier or is refused is left with its reason; the others go
    on.
    """
    wanted = list(dict.fromkeys(order_ids))[:MOST]
    rows = list(
        PlannedOrder.objects.select_for_update(of=("self",))
        .select_related("run")
        .filter(run_id=run_id, pk__in=wanted)
        .order_by("release_on", "id")
    )
    done = Released()
    known = {row.pk for row in rows}
    done.left += [Left(pk, "not_found", _("找不到计划订单 %(id)s。") % {"id": pk}) for pk in wanted if pk not in known]
    items = masterdata.get_items(row.item_id for row in rows)
    fresh = [row for row in rows if not _is_left(row, items, done)]
    for row in fresh:
        if row.kind == PlannedOrder.Kind.MAKE:
            _make(row, items[row.item_id], done, actor, at, today)
    _buy([row for row in fresh if row.kind == PlannedOrder.Kind.BUY], items, done, actor, at)
    label = "、".join([*done.work_orders, *done.purchase_orders])
    audit.record(actor=actor, action="plan_run.release", object=f"plan_run:{run_id}", label=label)
    return done


def _is_left(row: PlannedOrder, items: dict[int, masterdata.ItemInfo], done: Released) -> bool:
    item = items.get(row.item_id)
    if row.released_as:
        message = _("计划订单已下达为 %(number)s。") % {"number": row.released_as}
        done.left.append(Left(row.pk, AlreadyReleased.code, message))
        return True
    if item is None or not item.is_active:
        code = item.code if item else str(row.item_id)
        done.left.append(Left(row.pk, "item_stopped", _("物料 %(item)s 已停用，没有下达。") % {"item": code}))
        return True
    return False


def _make(
    row: PlannedOrder, item: masterdata.ItemInfo, done: Released, actor: Member, at: datetime, today: date
) -> None:
    given = NewOrder(
        item_id=row.item_id,
        quantity=row.quantity,
        start_on=min(row.release_on, row.due_on),
        due_on=row.due_on,
        planned_order_id=row.pk,
        **_made_for(row),
    )
    try:
        with transaction.atomic():
            order = create_work_order(given=given, actor=actor, at=at, today=today)
            _mark(row, order.number)
    except DomainError as error:
        done.left.append(Left(row.pk, error.code, f"{item.code}：{error.message}"))
    else:
        done.work_orders.append(order.number)


def _made_for(row: PlannedOrder) -> dict[str, Any]:
    """The sales line that a make-to-order planned order is pegged to; nothing for all others."""
    open_ones = Demand.objects.filter(item_id=row.item_id, make_to_order=True, state=Demand.State.OPEN)
    if not open_ones.exclude(source_kind="").exists():
        return {}
    served = {edge.need_id for edge in plans.edges(row.run, order_id=row.pk) if edge.need_kind == "demand"}
    demand = open_ones.filter(pk__in=served).order_by("id").first()
    return {"sales_order": demand.source_number, "sales_line": demand.source_line} if demand else {}


def _buy(
    rows: list[PlannedOrder], items: dict[int, masterdata.ItemInfo], done: Released, actor: Member, at: datetime
) -> None:
    """One proposal for all rows that have a supplier who may be asked."""
    suppliers = _suppliers(row.item_id for row in rows)
    wishes = []
    for row in rows:
        supplier = suppliers.get(row.item_id)
        code = items[row.item_id].code
        if supplier is None:
            sentence = _("物料 %(item)s 没有首选供应商，请在计划参数里填。") % {"item": code}
            done.left.append(Left(row.pk, "no_supplier", sentence))
        elif supplier.is_blocked:
            sentence = _("供应商 %(partner)s 已冻结，物料 %(item)s 没有下达。") % {
                "partner": supplier.name,
                "item": code,
            }
            done.left.append(Left(row.pk, "partner_blocked", sentence))
        else:
            wishes.append(plan_links.Wish(row.pk, code, supplier.code, row.quantity, row.due_on))
    if not wishes:
        return
    try:
        with transaction.atomic():
            numbers = plan_links.propose_purchase(wishes, run=rows[0].run_id, actor=actor, at=at)
            for row in rows:
                if row.pk in numbers:
                    _mark(row, numbers[row.pk])
    except DomainError as error:
        done.left += [Left(wish.key, error.code, error.message) for wish in wishes]
        return
    done.purchase_orders += sorted(set(numbers.values()))
    unheard = _("没有开通快仓库，采购建议请导出计划订单后办理。")
    done.left += [Left(wish.key, "no_inventory", unheard) for wish in wishes if wish.key not in numbers]


def _suppliers(items: Iterable[int]) -> dict[int, masterdata.PartnerInfo]:
    rows = PlanningData.objects.filter(pk__in=set(items), supplier__isnull=False).order_by("pk")
    wanted = dict(rows.values_list("pk", "supplier_id"))
    known = masterdata.get_partners(pk for pk in wanted.values() if pk)
    return {item: known[pk] for item, pk in wanted.items() if pk in known}


def _mark(row: PlannedOrder, number: str) -> None:
    """Said once: the database refuses to say it again."""
    PlannedOrder.objects.filter(pk=row.pk, released_as="").update(released_as=number)
