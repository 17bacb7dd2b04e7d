"""The life of an order: confirm, change, close, cancel."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.inventory.domain.orders import Done, Progress, progress
from apps.inventory.events import (
    PurchaseOrderChanged,
    PurchaseOrderConfirmed,
    SalesOrderCancelled,
    SalesOrderChanged,
    SalesOrderConfirmed,
)
from apps.inventory.services.orders import promises
from apps.inventory.services.orders.changes import alter_lines
from apps.inventory.services.orders.drafts import check_draft, check_partner, lock, total_of
from apps.inventory.services.orders.refusals import (
    AlreadyMoved,
    ItemStopped,
    LockedBySupply,
    NotConfirmed,
    OrderClosed,
    check_version,
)
from apps.inventory.services.orders.sides import Side
from apps.inventory.services.orders.values import LineInput
from apps.masterdata import public as masterdata
from kernel import audit
from kernel.events import publish
from tenants.rights import Member


@transaction.atomic
def confirm(*, side: Side, order_id: int, version: int | None, actor: Member, at: datetime) -> Any:
    """Make it binding: sales lines are commitments (and reserved if asked), purchase lines expected receipts.

    Publishes SalesOrderConfirmed or PurchaseOrderConfirmed. Raises `not_draft`, `stale_version`, `partner_blocked`,
    `item_stopped`, `not_enough_available`.
    """
    order = lock(side, order_id)
    check_open(order)
    check_draft(order)
    check_version(order.version, version)
    check_partner(masterdata.get_partner(order.partner_id))
    _check_items(order)
    order.state, order.confirmed_at = order.State.CONFIRMED, at
    _save(order)
    lines = lines_of(order)
    promises.push(side, order, lines)
    if side.sells and order.reserve:
        promises.reserve_lines(order, lines, actor=actor, at=at)
    _record(side, order, "confirm", actor)
    if side.sells:
        publish(SalesOrderConfirmed(order_id=order.pk, number=order.number))
    else:
        publish(PurchaseOrderConfirmed(order_id=order.pk, number=order.number))
    return order


@transaction.atomic
def change(
    *,
    side: Side,
    order_id: int,
    version: int | None,
    lines: Sequence[LineInput],
    actor: Member,
    at: datetime,
    by_supply: bool = False,
) -> Any:
    """Change named lines, add lines without a number; lines not named stay as they are.

    Publishes SalesOrderChanged or PurchaseOrderChanged. Raises `stale_version`, `order_closed`, `below_done`,
    `locked_by_supply` (unless `by_supply`), and what reading lines raises.
    """
    order = lock(side, order_id)
    check_open(order)
    check_version(order.version, version)
    rows = alter_lines(side, order, lines_of(order), lines, free=by_supply)
    order.total = total_of(rows)
    set_progress(side, order, rows)
    _save(order)
    if order.state != order.State.DRAFT:
        promises.push(side, order, rows)
        if side.sells:
            promises.trim_reservations(order, rows, actor=actor, at=at)
    _record(side, order, "change", actor)
    publish(_changed(side, order))
    return order


@transaction.atomic
def close(*, side: Side, order_id: int, version: int | None, actor: Member, at: datetime) -> Any:
    """End it short: what is open is no longer wanted. Raises `order_not_confirmed`, `order_closed`, `stale_version`."""
    order = lock(side, order_id)
    check_open(order)
    check_confirmed(order)
    check_version(order.version, version)
    rows = lines_of(order)
    for row in rows:
        row.closed = True
    side.line.objects.bulk_update(rows, ["closed"])
    order.state = order.State.CLOSED
    _withdraw(side, order, actor, at)
    _record(side, order, "close", actor)
    publish(_changed(side, order))
    return order


@transaction.atomic
def cancel(*, side: Side, order_id: int, version: int | None, actor: Member, at: datetime) -> Any:
    """Call it off before anything moved. Publishes SalesOrderCancelled or PurchaseOrderChanged.

    Raises `already_moved`, `order_closed`, `locked_by_supply`, `stale_version`.
    """
    order = lock(side, order_id)
    check_open(order)
    check_version(order.version, version)
    check_unlocked(order)
    if any(row.done for row in lines_of(order)):
        sentence = _("订单 %(number)s 已有收发货，不能取消；剩余部分可以关闭。") % {"number": order.number}
        raise AlreadyMoved(sentence)
    was_draft = order.state == order.State.DRAFT
    order.state = order.State.CANCELLED
    _withdraw(side, order, actor, at)
    _record(side, order, "cancel", actor)
    if not was_draft:
        publish(SalesOrderCancelled(order_id=order.pk, number=order.number) if side.sells else _changed(side, order))
    return order


def lines_of(order: Any) -> list[Any]:
    """Lines in their order, with their items."""
    return list(order.lines.select_related("item", "warehouse").order_by("line", "id"))


def check_open(order: Any) -> None:
    """Raise OrderClosed for what is closed or cancelled."""
    if order.state in (order.State.CLOSED, order.State.CANCELLED):
        words = _("已关闭") if order.state == order.State.CLOSED else _("已取消")
        raise OrderClosed(_("订单 %(number)s %(state)s，不能再改。") % {"number": order.number, "state": words})


def check_confirmed(order: Any) -> None:
    """Raise NotConfirmed for a draft."""
    if order.state == order.State.DRAFT:
        raise NotConfirmed(_("订单 %(number)s 还是草稿，请先确认。") % {"number": order.number})


def check_unlocked(order: Any) -> None:
    """Raise LockedBySupply where terms were agreed in the shared order."""
    if getattr(order, "locked_by", ""):
        sentence = _("订单 %(number)s 的数量、价格和交期已与供应商在协同里约定，请到订单协同里修改。")
        raise LockedBySupply(sentence % {"number": order.number})


def set_progress(side: Side, order: Any, rows: Sequence[Any]) -> None:
    """Confirmed, part or done, from the lines; a draft stays one."""
    if order.state == order.State.DRAFT:
        return
    states = {
        Progress.NONE: order.State.CONFIRMED, Progress.PART: order.State.PART, Progress.ALL: order.State.DONE,
    }  # fmt: skip
    order.state = states[progress(Done(row.quantity, row.done, row.closed) for row in rows)]


def _changed(side: Side, order: Any) -> SalesOrderChanged | PurchaseOrderChanged:
    event = SalesOrderChanged if side.sells else PurchaseOrderChanged
    return event(order_id=order.pk, number=order.number, version=order.version)


def _check_items(order: Any) -> None:
    stopped = [row for row in lines_of(order) if row.item.state != "active"]
    if stopped:
        sentence = _("物料 %(item)s 已停用，不能下新订单。") % {"item": stopped[0].item}
        raise ItemStopped(sentence)


def _withdraw(side: Side, order: Any, actor: Member, at: datetime) -> None:
    _save(order)
    promises.withdraw(side, order)
    if side.sells:
        promises.release_all(order, actor=actor, at=at)


def _save(order: Any) -> None:
    order.version += 1
    order.save()


def _record(side: Side, order: Any, verb: str, actor: Member) -> None:
    audit.record(actor=actor, action=f"{side.kind}.{verb}", object=f"{side.kind}:{order.pk}", label=order.number)
