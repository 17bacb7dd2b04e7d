"""What the buyer's own inventory is told of an order that came from a purchase order there."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from apps.inventory.events import GoodsReceived, PurchaseOrderChanged, PurchaseOrderConfirmed
from apps.masterdata import public as masterdata
from apps.supply import links
from apps.supply.domain.convert import to_own
from apps.supply.domain.terms import Line
from apps.supply.events import DespatchCancelled, DespatchSent, OrderAgreed, OrderCancelled, ReceiptPublished
from apps.supply.models import Despatch, DespatchLine, OrderItem, ReceiptLine, SharedOrder, SupplyLink
from apps.supply.selectors.deliveries import despatch_views
from apps.supply.selectors.ledgers import movements
from apps.supply.selectors.orders import view_of
from apps.supply.services import purchases, receipts
from apps.supply.services.turns import Act
from kernel.clock import now
from tenants.rights import Member

PRICE = Decimal("0.000001")
OWN_CURRENCY = "CNY"
_TOLD = re.compile(rf"{re.escape(GoodsReceived.name)}:([0-9]+)(:|$)")  # the key under which an arrival was told


def write_back(event: OrderAgreed) -> None:
    """Agreed quantity, price and promise go into the purchase order and are locked there."""
    row = _bought(UUID(event.order_id))
    if row is None:
        return
    agreed = view_of(row).order.agreed
    if agreed is None:
        return
    lines = agreed.terms.lines
    shared = set(OrderItem.objects.filter(order=row).values_list("line", flat=True))
    links.write_agreed(
        row.purchase_order, lines, dropped=shared - {line.line for line in lines}, locked_by=row.number,
        actor=_actor(row), at=now(),
    )  # fmt: skip


def share(event: PurchaseOrderConfirmed) -> None:
    """A confirmed purchase order goes to its supplier by itself, where the link says so."""
    purchases.share(number=event.number, act_of=lambda link: Act(actor=_member(link), at=now()))


def end_purchase(event: OrderCancelled) -> None:
    """What both agreed on and both called off is not expected any more; what was only asked stays ours to decide."""
    row = _bought(UUID(event.order_id))
    if row is not None:
        links.end_agreed(row.purchase_order, locked_by=row.number, actor=_actor(row), at=now())


def draft_sale(event: OrderAgreed) -> None:
    """What a partner ordered and both agreed on becomes a draft sales order of our own items.

    Lines taken as text have no item and stay in the shared order alone, as does an order in another currency: sales
    orders are in CNY. A draft is made once; what is agreed later is for the people of sales to write.
    """
    row = SharedOrder.objects.select_related("link__partner").filter(pk=UUID(event.order_id), role="seller").first()
    order = view_of(row).order if row is not None else None
    if row is None or order is None or order.agreed is None or order.header is None or row.currency != OWN_CURRENCY:
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


def announce(event: DespatchSent | DespatchCancelled) -> None:
    """What is on its way is expected on its day; what was called back is not."""
    _announce(DespatchLine.objects.filter(despatch_id=UUID(event.despatch_id)).values_list("order_id", flat=True))


def announce_rest(event: ReceiptPublished) -> None:
    """Of what came, and of what turned out short, nothing is on its way any more."""
    _announce(ReceiptLine.objects.filter(receipt_id=UUID(event.receipt_id)).values_list("order_id", flat=True))


def _announce(orders: Iterable[UUID]) -> None:
    for order_id in sorted(set(orders)):
        row = _bought(order_id)
        if row is not None:
            links.announce(row.purchase_order, _coming(row))


def publish_receipt(event: GoodsReceived) -> None:
    """What the warehouse took of an order is told to its supplier: the difference to what was told before."""
    kind, _colon, number = event.source.partition(":")
    row = _shared(number) if kind == "purchase_order" else None
    if row is None:
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


def take_receipt_back(event: PurchaseOrderChanged) -> None:
    """A stock receipt that was reversed is taken back before its supplier, too."""
    row = _shared(event.number)
    if row is None:
        return
    told = {pk: found.group(1) for pk, key in receipts.told_of(row.pk).items() if (found := _TOLD.match(key))}
    reversed_ones = links.taken_back({int(document) for document in told.values()})
    act = Act(actor=_actor(row), at=now())
    for pk, document in told.items():
        if int(document) in reversed_ones:
            receipts.reverse_receipt(receipt_id=pk, act=act)


def _shared(number: str) -> SharedOrder | None:
    """The order that our purchase order was sent as, newest first; None once its link has ended."""
    rows = SharedOrder.objects.select_related("link").filter(role="buyer", purchase_order=number, link__is_live=True)
    standing = rows.exclude(state__in=("refused", "cancelled"))
    return standing.order_by("-sent_at", "id").first() if number else None


def _actor(row: SharedOrder) -> Member:
    return _member(row.link)


def _member(link: SupplyLink) -> Member:
    """What comes from outside is written for the member who made the link."""
    return Member(user_id=link.created_by_id, name=link.created_by_name)


def _bought(order_id: UUID) -> SharedOrder | None:
    rows = SharedOrder.objects.select_related("link", "link__partner").filter(pk=order_id, role="buyer")
    return rows.exclude(purchase_order="").first()


def _coming(row: SharedOrder) -> list[tuple[int, Decimal, date]]:
    """What of the order its open deliveries still bring."""
    left: dict[int, Decimal] = {}
    days: dict[int, date] = {}
    coming = Despatch.objects.filter(lines__order=row, state__in=Despatch.COMING).distinct().order_by("sent_at", "id")
    for view in despatch_views(coming):
        due: dict[int, Decimal] = {}
        for line, came in view.lines:
            if line.order_id == row.pk:
                due[line.line] = due.get(line.line, Decimal(0)) + line.quantity - came.received
        for number, quantity in due.items():
            if quantity > 0:
                left[number] = left.get(number, Decimal(0)) + quantity
                days[number] = view.row.eta or view.row.ship_date
    return [(number, quantity, days[number]) for number, quantity in sorted(left.items())]
