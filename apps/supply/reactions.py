"""What the buyer's own inventory is told of an order that came from a purchase order there."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from apps.inventory.events import GoodsReceived
from apps.supply import links
from apps.supply.events import DespatchSent, OrderAgreed
from apps.supply.models import DespatchLine, SharedOrder
from apps.supply.selectors.ledgers import movements
from apps.supply.selectors.orders import view_of
from apps.supply.services import receipts
from apps.supply.services.turns import Act
from kernel.clock import now
from tenants.rights import Member


def write_back(event: OrderAgreed) -> None:
    """Agreed quantity, price and promise go into the purchase order and are locked there."""
    row = _bought(UUID(event.order_id))
    if row is None:
        return
    agreed = view_of(row).order.agreed
    if agreed is None:
        return
    links.write_agreed(row.purchase_order, agreed.terms.lines, locked_by=row.number, actor=_actor(row), at=now())


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
