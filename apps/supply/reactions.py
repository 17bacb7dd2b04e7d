"""What the buyer's own inventory is told of an order that came from a purchase order there."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from apps.inventory.events import GoodsReceived
from apps.masterdata import public as masterdata
from apps.supply import links
from apps.supply.domain.convert import to_own
from apps.supply.domain.terms import Line
from apps.supply.events import DespatchSent, OrderAgreed
from apps.supply.models import DespatchLine, OrderItem, SharedOrder
from apps.supply.selectors.ledgers import movements
from apps.supply.selectors.orders import view_of
from apps.supply.services import receipts
from apps.supply.services.turns import Act
from kernel.clock import now
from tenants.rights import Member

PRICE = Decimal("0.000001")


def write_back(event: OrderAgreed) -> None:
    """Agreed quantity, price and promise go into the purchase order and are locked there."""
    row = _bought(UUID(event.order_id))
    if row is None:
        return
    agreed = view_of(row).order.agreed
    if agreed is None:
        return
    links.write_agreed(row.purchase_order, agreed.terms.lines, locked_by=row.number, actor=_actor(row), at=now())


def draft_sale(event: OrderAgreed) -> None:
    """What a partner ordered and both agreed on becomes a draft sales order of our own items.

    Lines taken as text have no item and stay in the shared order alone. A draft is made once; what is agreed later is
    for the people of sales to write.
    """
    row = SharedOrder.objects.select_related("link__partner").filter(pk=UUID(event.order_id), role="seller").first()
    order = view_of(row).order if row is not None else None
    if row is None or order is None or order.agreed is None or order.header is None:
        return
    own = {item.line: item for item in OrderItem.objects.filter(order=row).exclude(item=None).order_by("line")}
    items = masterdata.get_items(one.item_id for one in own.values() if one.item_id)
    lines = [
        _sold(line, own[line.line], items) for line in order.agreed.terms.lines if line.line in own and line.quantity
    ]
    links.draft_sale(
        str(row.pk), row.link.partner.code, lines, price_includes_tax=order.header.price_includes_tax,
        note=row.number, actor=_actor(row), at=now(),
    )  # fmt: skip


def _sold(line: Line, own: OrderItem, items: dict[int, masterdata.ItemInfo]) -> links.Sold:
    price = (line.unit_price * own.denominator / own.numerator).quantize(PRICE, ROUND_HALF_UP)
    return links.Sold(
        item=items[own.item_id or 0].code, quantity=to_own(line.quantity, own.factor), unit_price=price,
        tax_rate=line.tax_rate, due_on=line.requested_date, promised_on=line.promised_date, note=line.note,
    )  # fmt: skip


def announce(event: DespatchSent) -> None:
    """What is on its way is expected on its day."""
    orders = DespatchLine.objects.filter(despatch_id=UUID(event.despatch_id)).values_list("order_id", flat=True)
    for order_id in sorted(set(orders)):
        row = _bought(order_id)
        if row is not None:
            links.announce(row.purchase_order, _coming(row))


def publish_receipt(event: GoodsReceived) -> None:
    """What the warehouse took of an order is told to its supplier: the difference to what was told before."""
    kind, _colon, number = event.source.partition(":")
    rows = SharedOrder.objects.select_related("link").filter(role="buyer", purchase_order=number)
    row = rows.first() if kind == "purchase_order" and number else None
    if row is None or not row.link.is_live:
        return
    told = movements([row.pk])
    arrived = {
        line: total - (told[row.pk, line].received if (row.pk, line) in told else 0)
        for line, total in links.received(number).items()
    }
    act = Act(actor=_actor(row), at=now(), idem=f"{event.name}:{event.document_id}")
    receipts.publish_arrivals(
        order_id=row.pk, arrived=arrived, received_on=date.fromisoformat(event.moved_on), act=act
    )  # fmt: skip


def _actor(row: SharedOrder) -> Member:
    """What comes from outside is written for the member who made the link."""
    return Member(user_id=row.link.created_by_id, name=row.link.created_by_name)


def _bought(order_id: UUID) -> SharedOrder | None:
    rows = SharedOrder.objects.select_related("link", "link__partner").filter(pk=order_id, role="buyer")
    return rows.exclude(purchase_order="").first()


def _coming(row: SharedOrder) -> list[tuple[int, Decimal, date]]:
    days: dict[int, date] = {}
    for line in DespatchLine.objects.select_related("despatch").filter(order=row).order_by("despatch__sent_at", "id"):
        days[line.line] = line.despatch.eta or line.despatch.ship_date
    moved = movements([row.pk])
    left = {
        line: moved[row.pk, line].despatched - moved[row.pk, line].received for line in days if (row.pk, line) in moved
    }
    return [(line, quantity, days[line]) for line, quantity in sorted(left.items()) if quantity > 0]
