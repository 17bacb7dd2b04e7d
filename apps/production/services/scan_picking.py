"""领料 at the scan page of stock: a work order is scanned, then its material, each scan an issue of the order."""

from datetime import datetime

from django.utils.translation import gettext as _

from apps.inventory import public as inventory
from apps.masterdata import public as masterdata
from apps.production.domain import traveller
from apps.production.links import KIND
from apps.production.models import WorkOrder
from apps.production.services import picking
from apps.production.services.order_locks import materials_of
from apps.production.services.shop_refusals import check_verb, order_unknown, refused
from kernel.clock import today
from tenants.rights import Member

TASKS = frozenset({"issue", "pick", "ship"})


def read(text: str, actor: Member) -> inventory.ScanDocument | None:
    """The work order that a number or a traveller's code names, with the material it still takes from stock.

    None for any other text, and for who may not see production. Raises `wrong_state`, `order_closed`.
    """
    if not actor.can("production.view"):
        return None
    order = _order(traveller.read(text.replace("\x00", "")).order)
    if order is None:
        return None
    check_verb(order, "issue")
    lines = _open(order)
    words = _("工单 %(number)s 有 %(count)s 种料要领，请扫物料。") if lines else _("工单 %(number)s 的料已领齐。")
    message = words % {"number": order.number, "count": len(lines)}
    return inventory.ScanDocument(kind=KIND, code=order.number, number=order.number, message=message, lines=lines)


def take(wish: inventory.ScanTake) -> inventory.ScanTaken:
    """领料 of what was scanned, as `picking.issue` does it. Raises `not_in_document`, and what that raises."""
    order = _order(wish.number)
    if order is None:
        raise order_unknown()
    item = masterdata.items_by_code([wish.item])[wish.item]
    if all(row.item_id != item.id for row in materials_of(order)):
        sentence = _("工单 %(number)s 不用 %(item)s。") % {"number": order.number, "item": item.label}
        raise refused("not_in_document", sentence, "code")
    line = picking.PickLine(
        item=wish.item, quantity=wish.quantity, lot=wish.serial or wish.lot, location=wish.location
    )  # fmt: skip
    done = picking.issue(
        order_id=order.pk, warehouse=wish.warehouse, moved_on=wish.today, lines=[line], actor=wish.actor, at=wish.at,
        today=wish.today,
    )  # fmt: skip
    return inventory.ScanTaken(document_id=done.document_id, lines=_open(done.order))


def take_back(document_id: int, actor: Member, at: datetime) -> str:
    """The scan was a mistake: what it took returns. Answers the number of the return."""
    return picking.take_back_issue(document_id=document_id, actor=actor, at=at, today=today()).document


def _order(number: str) -> WorkOrder | None:
    return WorkOrder.objects.filter(number=number).first() if number else None


def _open(order: WorkOrder) -> tuple[inventory.ScanLine, ...]:
    """Material that is picked (back-flushed goes by itself) and not all here yet."""
    return tuple(
        inventory.ScanLine(item=row.item.code, name=row.item.name, quantity=row.open, unit=row.item.stock_unit.code)
        for row in materials_of(order)
        if row.open > 0 and not row.backflush
    )


DOOR = inventory.ScanDoor(kind=KIND, module="production", tasks=TASKS, read=read, take=take, take_back=take_back)
