"""采购订单 of inventory as an order to its supplier: sent by hand, or by itself where the link says so."""

from typing import Any

from django.db import transaction

from apps.supply import links
from apps.supply.models import Bond, SharedOrder, SupplyLink
from apps.supply.services.orders import LineWish, OrderWish, create_order
from apps.supply.services.refusals import refusal
from apps.supply.services.turns import Act


def lines_of_purchase(number: str, partner: str) -> dict[str, Any]:
    """Number, currency and lines of the purchase order in inventory, as an `OrderWish` takes them.

    Raises NotFound for an unknown one, order_closed, Invalid `invalid` without inventory and for another partner.
    """
    found = links.purchase_order(number) if number else None
    if found is not None and found.is_over:
        raise refusal("order_closed")
    if found is None or not found.lines:
        raise refusal("invalid", field="lines")
    if found.partner.lower() != partner.lower():
        raise refusal("invalid", field="partner")
    lines = [
        LineWish(
            line=row.line, item=row.item, quantity=row.quantity, unit=row.unit, unit_price=row.unit_price,
            tax_rate=row.tax_rate, requested_date=row.due_on,
        )
        for row in found.lines
    ]  # fmt: skip
    return {
        "number": found.number, "currency": found.currency, "price_includes_tax": found.price_includes_tax,
        "lines": lines,
    }  # fmt: skip


def send_purchase(*, number: str, partner: str, act: Act) -> SharedOrder:
    """Send it to its supplier. Publishes OrderSent. Raises as `lines_of_purchase` and `create_order`."""
    wish = OrderWish(partner=partner, purchase_order=number, **lines_of_purchase(number, partner))
    return create_order(wish=wish, act=act)


def link_of(partner: str) -> SupplyLink | None:
    """Our active link with the partner that we buy from."""
    link = SupplyLink.objects.filter(partner__code__iexact=partner, role="buyer", is_live=True).first()
    return link if link is not None and Bond.objects.filter(pk=link.pk, state="active").exists() else None


def sent_as(number: str) -> SharedOrder | None:
    """The order that a purchase order was sent as, newest first."""
    return SharedOrder.objects.filter(role="buyer", purchase_order=number).order_by("-sent_at", "id").first()


@transaction.atomic
def share(*, number: str, act_of: Any) -> SharedOrder | None:
    """Send a confirmed purchase order by itself, where its link says `auto_share`; None where it does not.

    `act_of(link)`: who acts, since nobody does.
    """
    found = links.purchase_order(number)
    if found is None or found.is_over or not found.lines:
        return None
    link = link_of(found.partner)
    if link is None or not link.settings.get("auto_share") or sent_as(number) is not None:
        return None
    return send_purchase(number=number, partner=found.partner, act=act_of(link))
