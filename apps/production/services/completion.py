"""The end of a work order: goods go to stock, the order is completed, closed, and its cost settled on its receipts."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.production import links
from apps.production.domain.actual_cost import receipt_value
from apps.production.events import OutputReceived, WorkOrderClosed, WorkOrderCompleted
from apps.production.models import WorkOrder, WorkOrderMove, WorkOrderStep
from apps.production.selectors import order_costs
from apps.production.selectors.shop_settings import report_tolerance
from apps.production.services import backflush
from apps.production.services.order_locks import lock_order, materials_of, steps_of
from apps.production.services.order_moves import consumed, start, write_moves
from apps.production.services.order_stock import let_go, push_plan
from apps.production.services.picking import Picked, place_of
from apps.production.services.shop_refusals import (
    check_decimals,
    check_not_future,
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
def receive(
    *,
    order_id: int,
    quantity: Decimal,
    warehouse: str = "",
    moved_on: date,
    actor: Member,
    at: datetime,
    today: date,
    lot: str = "",
) -> Picked:
    """完工入库: good pieces go to stock, at standard cost or the order's material so far, lots linked to their sources.

    With steps, no more than the last report point reported good and was not received; without steps the receipt is
    what makes pieces good. Publishes OutputReceived. Raises `over_report`, `step_not_reached`, `wrong_state`,
    `order_closed`, Invalid `unknown_warehouse`, `too_many_decimals`, `future_date`, and what inventory raises.
    """
    check_not_future(moved_on, today, "moved_on")
    order = lock_order(order_id)
    place = place_of(order, warehouse)
    check_verb(order, "receive")
    if quantity <= 0:
        raise wrong_input("invalid", _("数量要大于零。"), "quantity")
    check_decimals(quantity, order.item.stock_unit.decimals, "quantity")
    steps = steps_of(order)
    _check_there(order, steps, quantity)
    return _receive(order, steps, quantity, place, moved_on, lot, actor, at)


def _check_there(order: WorkOrder, steps: Sequence[WorkOrderStep], quantity: Decimal) -> None:
    if steps and not order.good:
        raise refused("step_not_reached", _("最后一道工序还没有报工，不能入库。"), "quantity")
    most = order.good if steps else order.quantity * (1 + report_tolerance())
    if order.received + quantity > most:
        message = _("还可入库 %(left)s。") % {"left": plain(max(Decimal(0), most - order.received))}
        raise refused("over_report", message, "quantity")


def _receive(
    order: WorkOrder,
    steps: Sequence[WorkOrderStep],
    quantity: Decimal,
    place: int | None,
    moved_on: date,
    lot: str,
    actor: Member,
    at: datetime,
) -> Picked:
    if not steps:
        _count_without_steps(order, quantity, moved_on, actor, at)
    amount = receipt_value(
        quantity=quantity,
        received=order.received,
        ordered=order.quantity - order.scrap,
        standard=order.item.standard_cost,
        material=order_costs.material_so_far(order.pk),
        given=order_costs.given_to_receipts(order.pk),
    )
    moved = links.receive(
        order=order.number, warehouse_id=place, moved_on=moved_on, item_id=order.item_id, quantity=quantity, lot=lot,
        amount=amount, actor=actor, at=at, consumed=consumed(order.pk),
    )  # fmt: skip
    order.received += quantity
    order.save(update_fields=["received", "good"])
    write_moves(
        order, WorkOrderMove.Kind.RECEIPT, moved, rows=[None] * len(moved.lines), warehouse_id=place,
        moved_on=moved_on, actor=actor, at=at,
    )  # fmt: skip
    start(order)
    push_plan(order)
    label = f"{order.number} {plain(quantity)} {moved.number}".strip()
    audit.record(actor=actor, action="work_order.receive", object=f"work_order:{order.pk}", label=label)
    publish(OutputReceived(work_order_id=order.pk, document=moved.number, moved_on=str(moved_on)))
    return Picked(order=order, document=moved.number, lines=moved.lines)


def _count_without_steps(order: WorkOrder, quantity: Decimal, moved_on: date, actor: Member, at: datetime) -> None:
    """Nobody reports such an order: what is received is good, and uses its back-flushed material."""
    order.good = max(order.good, order.received + quantity)
    rows = [row for row in materials_of(order) if row.backflush]
    backflush.take(order, rows, order.good, report=None, moved_on=moved_on, actor=actor, at=at)


@transaction.atomic
def complete(*, order_id: int, actor: Member, at: datetime, today: date, version: int | None = None) -> WorkOrder:
    """The work is done: what is good and not received yet goes to the order's warehouse, if it names one.

    Where no stock is kept it counts as received.

    An order without steps is completed in full. Publishes WorkOrderCompleted. Raises `wrong_state`, `order_closed`,
    `step_not_reached` when steps were never reported, StaleVersion, and what `receive` raises.
    """
    order = lock_order(order_id)
    check_verb(order, "complete")
    check_version(order, version)
    steps = steps_of(order)
    if steps and not order.good and not order.scrap:
        raise refused("step_not_reached", _("最后一道工序还没有报工，不能完工；不再生产请用关闭。"))
    waiting = (order.good if steps else order.quantity) - order.received
    if waiting > 0 and (order.warehouse_id is not None or not links.has_stock()):
        _receive(order, steps, waiting, order.warehouse_id, today, "", actor, at)
    elif waiting > 0 and not steps:
        _count_without_steps(order, waiting, today, actor, at)
        order.save(update_fields=["good"])
    _end(order, WorkOrder.State.COMPLETED, actor, at)
    audit.record(actor=actor, action="work_order.complete", object=f"work_order:{order.pk}", label=_label(order))
    publish(WorkOrderCompleted(work_order_id=order.pk, number=order.number, completed_on=str(today)))
    return order


@transaction.atomic
def close(*, order_id: int, actor: Member, at: datetime, today: date, version: int | None = None) -> WorkOrder:
    """End an order for good, short if need be; the rest of its actual cost goes to its receipts by quantity.

    Publishes WorkOrderClosed. Raises `wrong_state`, `order_closed`, StaleVersion.
    """
    order = lock_order(order_id)
    check_verb(order, "close")
    check_version(order, version)
    _settle_cost(order, actor=actor, at=at)
    _end(order, WorkOrder.State.CLOSED, actor, at)
    audit.record(actor=actor, action="work_order.close", object=f"work_order:{order.pk}", label=_label(order))
    publish(WorkOrderClosed(work_order_id=order.pk, number=order.number, closed_on=str(today)))
    return order


def _settle_cost(order: WorkOrder, *, actor: Member, at: datetime) -> None:
    """Give what the order cost beyond what its receipts were valued at, to the fen, to the receipts."""
    for move_id, amount in order_costs.final_values(order.pk):
        links.set_cost(order=order.number, move_id=move_id, amount=amount, actor=actor, at=at)


def _end(order: WorkOrder, state: WorkOrder.State, actor: Member, at: datetime) -> None:
    order.state, order.version = state, order.version + 1
    order.completed_at = order.completed_at or at
    order.closed_at = at if state == WorkOrder.State.CLOSED else None
    order.save(update_fields=["state", "version", "completed_at", "closed_at"])
    push_plan(order)
    let_go(order, (), actor=actor, at=at)


def _label(order: WorkOrder) -> str:
    return f"{order.number} {order.item.code} {plain(order.good)}/{plain(order.quantity)}"
