"""What a choice of modules, seats and usage would cost: the calculator of the public page."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.billing.domain import proration, rating
from apps.billing.domain.money import ratio, total
from apps.billing.selectors.catalogue import price_book, usage_price
from kernel.errors import Invalid

INCLUDED_SEATS = 3


def estimate(
    *,
    today: date,
    modules: Sequence[str],
    seats: int,
    interval: str,
    usage: Mapping[str, Decimal],
    yearly_revenue: Decimal | None,
) -> dict[str, Any]:
    """`{monthly, yearly, percent_of_revenue}` CNY; `usage` is per month, `seats` counts all. Raises Invalid."""
    book = price_book()
    plan = book.plan_on(today)
    quantities = {**dict.fromkeys(modules, 1), "base": 1, "seat": max(0, seats - INCLUDED_SEATS)}
    fixed = total(
        proration.prorated(price.unit_price, quantities.get(price.item, 0), 1, 1)
        for price in book.items(plan, interval)
    )
    meters = {price.meter_id: price for price in book.meters(plan)}
    unknown = sorted(set(usage) - set(meters))
    if unknown:
        raise Invalid(_("没有这个计量项：%(names)s。") % {"names": "、".join(unknown)}, fields={"usage": [_("未知。")]})
    used = total(rating.charge(usage_price(meters[code]), quantity) for code, quantity in usage.items())
    used += rating.true_up(total(price.minimum for price in meters.values()), used)
    yearly = fixed + used * 12 if interval == "year" else (fixed + used) * 12
    monthly = ratio(yearly, 12)
    share = ratio(yearly * 100, yearly_revenue) if yearly_revenue else None
    return {"monthly": monthly, "yearly": yearly, "percent_of_revenue": share}
