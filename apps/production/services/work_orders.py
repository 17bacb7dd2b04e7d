"""Work orders: made, released, held, changed, cancelled; `reporting` counts what is made, `completion` ends them."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from apps.masterdata import public as masterdata
from apps.production.domain.order_needs import Need
from apps.production.events import WorkOrderReleased
from apps.production.models import Bom, Routing, WorkOrder
from apps.production.selectors.shop_settings import report_tolerance
from apps.production.services import order_bills, order_input, order_steps
from apps.production.services.order_input import NewMaterial, NewOrder
from apps.production.services.order_locks import lock_order, materials_of, steps_of
from apps.production.services.order_stock import let_go, push_plan, reserve_material
from apps.production.services.shop_refusals import (
    check_decimals,
    check_verb,
    check_version,
    plain,
    refused,
    wrong_input,
)
from kernel import audit
from kernel.events import publish
from tenants.rights import Member


@transaction.atomic
def create_work_order(
    *, given: NewOrder, actor: Member, at: datetime, today: date, release: bool = False, reserve: bool = False
) -> WorkOrder:
    """Make a work order, and release it at once if asked (with `reserve` as there); publishes WorkOrderReleased then.

    A draft shows the steps and materials it would be released with; without an active BOM it has none yet.
    Raises Invalid `unknown_item`, `unknown_work_centre`, `unknown_warehouse`, `too_many_decimals`, `bad_range`,
    `unknown_bom`, `unknown_routing`; DomainError `item_stopped`, `duplicate_number`, and what `release` raises.
    """
    order_input.check_head(given)
    item = order_input.item_of(given)
    warehouse_id = order_input.warehouse_of(given.warehouse)
    order_input.check_number(given.number)
    on = given.start_on or today
    order = WorkOrder(
        item_id=item.id, quantity=given.quantity, start_on=given.start_on, due_on=given.due_on,
        priority=given.priority, warehouse_id=warehouse_id, sales_order=given.sales_order, sales_line=given.sales_line,
        reference=given.reference, planned_order_id=given.planned_order_id, own_steps=given.steps is not None,
        own_materials=given.materials is not None, created_by_id=actor.user_id, created_by_name=actor.name,
        created_at=at, bom=_bom_called(item, given.bom, on), routing=_routing_called(item, given.routing, on),
    )  # fmt: skip
    order.number = given.number or masterdata.next_number("work_order", today)
    order.save()
    _write_lines(order, given, item, on)
    label = _label(order, item.code)
    audit.record(actor=actor, action="work_order.create", object=f"work_order:{order.pk}", label=label)
    if release:
        _release(order, label, actor=actor, at=at, on=on, reserve=reserve)
    return order


def _label(order: WorkOrder, item_code: str = "") -> str:
    """The order in the log; who knows its item already spares the reading."""
    return f"{order.number} {item_code or order.item.code} {plain(order.quantity)}"


def _bom_called(item: masterdata.ItemInfo, wanted: int | str | None, on: date) -> Bom | None:
    if wanted is None or wanted == "":
        return order_bills.active_bom(item.id, on)
    rows = Bom.objects.filter(item_id=item.id, state=Bom.State.ACTIVE)
    found = rows.filter(pk=wanted).first() if isinstance(wanted, int) else rows.filter(version=wanted).first()
    if found is None:
        raise wrong_input("unknown_bom", _("%(item)s 没有这个启用的物料清单版本。") % {"item": item.code}, "bom")
    return found


def _routing_called(item: masterdata.ItemInfo, wanted: int | str | None, on: date) -> Routing | None:
    if wanted is None or wanted == "":
        return order_steps.active_routing(item.id, on)
    rows = Routing.objects.filter(item_id=item.id, state=Routing.State.ACTIVE)
    found = rows.filter(pk=wanted).first() if isinstance(wanted, int) else rows.filter(version=wanted).first()
    if found is None:
        raise wrong_input(
            "unknown_routing", _("%(item)s 没有这个启用的工艺路线版本。") % {"item": item.code}, "routing"
        )
    return found


def _write_lines(order: WorkOrder, given: NewOrder, item: masterdata.ItemInfo, on: date) -> None:
    if given.steps is not None:
        order.routing = None
        order_steps.write_steps(order, given.steps)
    elif order.routing is not None:
        order_steps.copy_routing(order, order.routing)
    if given.materials is not None:
        order.bom = None
        order_bills.write_materials(order, _typed_needs(order, given.materials, item))
    elif order.bom is not None:
        order_bills.write_materials(order, order_bills.needs_of(order.bom, on))
    order.save(update_fields=["bom", "routing"])
    order_steps.refresh_inputs(order, steps_of(order))


def _typed_needs(order: WorkOrder, rows: Sequence[NewMaterial], made: masterdata.ItemInfo) -> list[Need]:
    items = order_input.materials_of(rows, made)
    whole = Fraction(order.quantity)
    return [
        Need(item.id, Fraction(row.quantity) / whole, Fraction(0), row.step_seq, row.backflush, ())
        for item, row in zip(items, rows, strict=True)
    ]


@transaction.atomic
def release(
    *, order_id: int, actor: Member, at: datetime, today: date, version: int | None = None, reserve: bool = False
) -> WorkOrder:
    """Release a draft: BOM and routing of the day are copied, stock is told what will come and what will go.

    With `reserve` the material is kept for the order, all of it or 409 `not_enough_available`. Publishes
    WorkOrderReleased. Raises `no_active_bom`, `wrong_state`, `order_closed`, StaleVersion, NotFound.
    """
    order = lock_order(order_id)
    check_verb(order, "release")
    check_version(order, version)
    _release(order, _label(order), actor=actor, at=at, on=max(order.start_on or today, today), reserve=reserve)
    return order


def _release(order: WorkOrder, label: str, *, actor: Member, at: datetime, on: date, reserve: bool) -> None:
    _copy_versions(order, on)
    order.state, order.released_at = WorkOrder.State.RELEASED, at
    _save(order, "state", "released_at", "bom", "routing")
    steps = steps_of(order)
    _set_tolerance(steps, report_tolerance())
    order_steps.refresh_inputs(order, steps)
    push_plan(order)
    if reserve:
        reserve_material(order, actor=actor, at=at)
    audit.record(actor=actor, action="work_order.release", object=f"work_order:{order.pk}", label=label)
    publish(WorkOrderReleased(work_order_id=order.pk, number=order.number))


def _copy_versions(order: WorkOrder, on: date) -> None:
    """Take the versions in force now; what the draft shows already is kept while it is still right."""
    if not order.own_materials:
        bom = (
            order.bom
            if order.bom and order.bom.state == Bom.State.ACTIVE
            else order_bills.active_bom(order.item_id, on)
        )
        if bom is None:
            raise order_bills.no_active_bom(order.item.code)
        order_bills.write_materials(order, order_bills.needs_of(bom, on))
        order_bills.mark_used(bom)
        order.bom = bom
    if not order.own_steps:
        stale = order.routing is None or order.routing.state != Routing.State.ACTIVE
        routing = order_steps.active_routing(order.item_id, on) if stale else order.routing
        if routing is not None and routing.pk != order.routing_id:
            order_steps.copy_routing(order, routing)
        order.routing = routing


def _set_tolerance(steps: "list[order_steps.WorkOrderStep]", tolerance: Decimal) -> None:
    for step in steps:
        step.tolerance = tolerance
    order_steps.WorkOrderStep.objects.bulk_update(steps, ["tolerance"])


def _save(order: WorkOrder, *fields: str) -> None:
    order.version += 1
    order.save(update_fields=[*fields, "version"])


@transaction.atomic
def hold(*, order_id: int, actor: Member, version: int | None = None, reason: str = "") -> WorkOrder:
    """Stop an order for now: nothing is issued or reported until `resume`. Raises `wrong_state`, `order_closed`."""
    order = lock_order(order_id)
    check_verb(order, "hold")
    check_version(order, version)
    order.held_from, order.state = order.state, WorkOrder.State.ON_HOLD
    _save(order, "held_from", "state")
    changes = {"reason": [None, reason]} if reason else None
    audit.record(
        actor=actor, action="work_order.hold", object=f"work_order:{order.pk}", label=_label(order), changes=changes
    )
    return order


@transaction.atomic
def resume(*, order_id: int, actor: Member, version: int | None = None) -> WorkOrder:
    """Go on where `hold` stopped. Raises `wrong_state`, `order_closed`."""
    order = lock_order(order_id)
    check_verb(order, "resume")
    check_version(order, version)
    order.state, order.held_from = order.held_from or WorkOrder.State.RELEASED, ""
    _save(order, "held_from", "state")
    audit.record(actor=actor, action="work_order.resume", object=f"work_order:{order.pk}", label=_label(order))
    return order


@transaction.atomic
def change(
    *,
    order_id: int,
    actor: Member,
    at: datetime,
    version: int | None = None,
    quantity: Decimal | None = None,
    due_on: date | None = None,
    start_on: date | None = None,
    priority: int | None = None,
) -> WorkOrder:
    """Change quantity, dates or priority; what is None stays. Requirements follow from the copy the order holds.

    Raises `below_done` when more was reported or received already, `wrong_state`, `order_closed`, StaleVersion,
    Invalid `too_many_decimals`, `bad_range`.
    """
    order = lock_order(order_id)
    check_verb(order, "change")
    check_version(order, version)
    before = _terms(order)
    order.quantity = order.quantity if quantity is None else quantity
    order.due_on, order.start_on = due_on or order.due_on, start_on or order.start_on
    order.priority = order.priority if priority is None else priority
    _check_terms(order)
    steps = steps_of(order)
    if quantity is not None:
        _check_not_below_done(order, steps)
        materials = materials_of(order)
        order_bills.recount_materials(order, materials)
        order_steps.refresh_inputs(order, steps)
        let_go(order, materials, actor=actor, at=at)
    _save(order, "quantity", "due_on", "start_on", "priority")
    if order.state != WorkOrder.State.DRAFT:
        push_plan(order)
    audit.record(
        actor=actor, action="work_order.change", object=f"work_order:{order.pk}", label=_label(order),
        changes=audit.difference(before, _terms(order)),
    )  # fmt: skip
    return order


def _terms(order: WorkOrder) -> dict[str, str]:
    return {
        "quantity": plain(order.quantity), "due_on": str(order.due_on), "start_on": str(order.start_on or ""),
        "priority": str(order.priority),
    }  # fmt: skip


def _check_terms(order: WorkOrder) -> None:
    if order.quantity <= 0:
        raise wrong_input("invalid", _("数量要大于零。"), "quantity")
    if not 1 <= order.priority <= 9:
        raise wrong_input("invalid", _("优先级是 1 到 9。"), "priority")
    check_decimals(order.quantity, order.item.stock_unit.decimals, "quantity")
    order_input.check_dates(order.start_on, order.due_on)


def _check_not_below_done(order: WorkOrder, steps: "list[order_steps.WorkOrderStep]") -> None:
    counted = [step.good + step.scrap for step in steps if step.input or step.good or step.scrap]
    done = max([order.received, *counted])
    if order.quantity < done:
        message = _("已经报工或入库 %(done)s，数量不能改到它以下。") % {"done": plain(done)}
        raise refused("below_done", message, "quantity")


@transaction.atomic
def cancel(*, order_id: int, actor: Member, at: datetime, version: int | None = None, reason: str = "") -> WorkOrder:
    """Cancel an order for which nothing was issued or reported. Raises `wrong_state` (close it short instead)."""
    order = lock_order(order_id)
    check_verb(order, "cancel")
    check_version(order, version)
    reported = any(step.good or step.scrap for step in steps_of(order))
    if reported or order.received or any(row.used for row in materials_of(order)):
        raise refused(
            "wrong_state", _("工单 %(number)s 已领料或报工，不能取消，请改用关闭。") % {"number": order.number}
        )
    order.state = WorkOrder.State.CANCELLED
    _save(order, "state")
    push_plan(order)
    let_go(order, (), actor=actor, at=at)
    changes = {"reason": [None, reason]} if reason else None
    audit.record(
        actor=actor, action="work_order.cancel", object=f"work_order:{order.pk}", label=_label(order), changes=changes
    )
    return order
