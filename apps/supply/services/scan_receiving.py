"""收货 at the scan page of stock: a box's label leads to the delivery that brought it, and to what is in the box."""

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.inventory import public as inventory
from apps.supply.models import Despatch, DespatchLine, Package
from apps.supply.selectors.deliveries import DespatchView, despatch_views, package_called
from apps.supply.selectors.orders import OrderView, orders, views_of
from tenants.rights import Member

TASKS = frozenset({"receive", "look_up"})


def read(text: str, actor: Member) -> inventory.ScanDocument | None:
    """The box of an incoming delivery whose SSCC, own code or QR was scanned; None for any other text, for a box of our
    own and for who may not see deliveries.

    Goods scanned next are received against the purchase order, where the delivery is of one alone.
    """
    if not actor.can("supply.view"):
        return None
    package = package_called(text[:200])
    if package is None or package.despatch.role != "buyer":
        return None
    (view,) = despatch_views([package.despatch])
    rows = _in_box(view, package)
    known = {one.row.pk: one for one in views_of(orders().filter(pk__in={row.order_id for row in rows}))}
    bought = {one.row.purchase_order for one in known.values()}
    may_receive = view.may_receive and actor.can("supply.receive")
    return inventory.ScanDocument(
        kind="package",
        code=package.code,
        message=_message(view.row, package),
        number=bought.pop() if len(bought) == 1 else "",
        lines=tuple(_line(row, known[row.order_id]) for row in rows),
        link=reverse("supply:delivery", args=[view.row.pk]),
        link_text=_("去收货") if may_receive else _("查看送货"),
    )


def _in_box(view: DespatchView, package: Package) -> list[DespatchLine]:
    """What is in the box; of a delivery in one box that says nothing of boxes, all."""
    rows = [row for row, _came in view.lines if row.quantity > 0]
    return [row for row in rows if row.package == package.no or (not row.package and len(view.packages) == 1)]


def _message(row: Despatch, package: Package) -> str:
    words = {
        Despatch.State.SENT: _("箱 %(code)s：%(partner)s 的送货 %(number)s，请核对后收货。"),
        Despatch.State.PART_RECEIVED: _("箱 %(code)s：%(partner)s 的送货 %(number)s 收了一部分，请核对后收货。"),
        Despatch.State.RECEIVED: _("箱 %(code)s：%(partner)s 的送货 %(number)s 已经收货，不用再收。"),
        Despatch.State.CANCELLED: _("箱 %(code)s：%(partner)s 的送货 %(number)s 已取消，请联系对方。"),
    }[Despatch.State(row.state)]
    return words % {"code": package.code, "partner": row.link.partner.name, "number": row.number}


def _line(row: DespatchLine, order: OrderView) -> inventory.ScanLine:
    """A line in the order's unit; the item is ours where the line is mapped."""
    own = order.items.get(row.line)
    item = order.infos.get(own.item_id) if own is not None and own.item_id is not None else None
    said = next((line for line in order.order.terms.lines if line.line == row.line), None)
    name = item.name if item else said.name if said else order.row.number
    return inventory.ScanLine(
        item=item.code if item else "", name=name, quantity=row.quantity, unit=row.unit, lot=row.lot
    )  # fmt: skip


DOOR = inventory.ScanDoor(kind="despatch", module="supply", tasks=TASKS, read=read)
