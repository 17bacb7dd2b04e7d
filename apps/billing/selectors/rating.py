"""Usage of a period in money: totals from the store, prices of the pinned plan, soft caps, late differences."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from django.db.models import Sum

from apps.billing.domain import rating
from apps.billing.domain.calendar import Period, month_of
from apps.billing.domain.money import ZERO
from apps.billing.domain.rating import Cap, Usage, UsagePrice
from apps.billing.models import Price, SpendCap, Subscription, SubscriptionItem, UsagePeriod
from apps.billing.selectors.catalogue import PriceBook, usage_price
from apps.billing.selectors.usage_store import period_totals


@dataclass(frozen=True, kw_only=True)
class UsageBill:
    """What one meter costs in one period, CNY: `amount` for this line, `charged` and `quantity` cumulated."""

    kind: Literal["usage", "late_usage"]
    meter: str
    name: str
    unit: str
    period: Period
    price: Price
    quantity: Decimal
    total_quantity: Decimal
    allowance: Decimal
    billable: Decimal
    amount: Decimal
    waived: Decimal = ZERO
    known: UsagePeriod | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def pinned_prices(subscription: Subscription, book: PriceBook, day: date) -> list[Price]:
    """Meter prices of the plan version that the subscription's base item pins, else of the plan on `day`."""
    base = (
        SubscriptionItem.objects.of(subscription.tenant_id)
        .filter(subscription=subscription, item="base")
        .select_related("price__plan")
        .order_by("-valid_from", "-id")
        .first()
    )
    return book.meters(base.price.plan if base else book.plan_on(day))


def usage_bills(subscription: Subscription, period: Period, book: PriceBook) -> list[UsageBill]:
    """The period's usage by meter in catalogue order, after soft caps. Meters without events are there with 0."""
    totals = period_totals(subscription.tenant_id, period)
    prices = pinned_prices(subscription, book, period.start)
    fraction = part_of_month(period)
    bills = [_bill(price, totals.get(price.meter_id or "", Decimal(0)), period, fraction) for price in prices]
    return list(_softened(subscription.tenant_id, bills))


def late_bills(subscription: Subscription, before: date, book: PriceBook) -> list[UsageBill]:
    """R-LATE: for each period invoiced earlier, charge(total) - charged so far, by period and meter."""
    known = (
        UsagePeriod.objects.of(subscription.tenant_id)
        .filter(subscription=subscription, period_start__lt=before, dirty=True)
        .select_related("price", "price__meter")
        .order_by("period_start", "price__position", "id")
    )
    bills = [_late(subscription, row) for row in known]
    return [bill for bill in _softened_late(subscription, bills) if bill.quantity or bill.amount]


def part_of_month(period: Period) -> tuple[int, int] | None:
    """(days, month days) of a period shorter than its calendar month, for prorated allowances."""
    month = month_of(period.start)
    return None if period.days >= month.days else (period.days, month.days)


def _bill(price: Price, quantity: Decimal, period: Period, fraction: tuple[int, int] | None) -> UsageBill:
    rule = usage_price(price)
    rated = rating.rate(rule, Usage(quantity), fraction)
    return UsageBill(
        kind="usage",
        meter=price.meter_id or "",
        name=price.name,
        unit=price.meter.unit if price.meter else "",
        period=period,
        price=price,
        quantity=quantity,
        total_quantity=quantity,
        allowance=rated.allowance,
        billable=_plain(rated.billable),
        amount=rated.amount,
        detail=_detail(rule, rated.allowance),
    )


def _late(subscription: Subscription, row: UsagePeriod) -> UsageBill:
    period = Period(row.period_start, row.period_end)
    quantity = period_totals(subscription.tenant_id, period).get(row.meter_id, Decimal(0))
    rule, fraction = usage_price(row.price), part_of_month(period)
    amount = rating.late_charge(rule, row.quantity, quantity, fraction)
    rated = rating.rate(rule, Usage(quantity), fraction)
    return UsageBill(
        kind="late_usage",
        meter=row.meter_id,
        name=row.price.name,
        unit=row.price.meter.unit if row.price.meter else "",
        period=period,
        price=row.price,
        quantity=quantity - row.quantity,
        total_quantity=quantity,
        allowance=rated.allowance,
        billable=_plain(rated.billable),
        amount=amount,
        known=row,
        detail=_detail(rule, rated.allowance),
    )


def _softened(tenant_id: int, bills: Iterable[UsageBill]) -> Iterable[UsageBill]:
    """R-CAP soft: the cap of the meter first, then the cap over all, filled in catalogue order."""
    caps = _soft_caps(tenant_id)
    left = caps.get(None)
    for bill in bills:
        capped = _under(bill, caps[bill.meter]) if bill.meter in caps else bill
        if left is not None:
            capped = _under(capped, left)
            left -= capped.amount
        yield capped


def _soft_caps(tenant_id: int) -> dict[str | None, Decimal]:
    """CNY a month by meter, None = over all of them."""
    rows = SpendCap.objects.of(tenant_id).filter(mode="soft").order_by("id")
    return dict(rows.values_list("meter_id", "amount"))


def _softened_late(subscription: Subscription, bills: Iterable[UsageBill]) -> Iterable[UsageBill]:
    """A capped month stays capped when events come late: what it was charged already takes its part of the cap."""
    caps = _soft_caps(subscription.tenant_id)
    charged = _charged_by_period(subscription) if None in caps else {}
    for bill in bills:
        capped = bill
        if bill.meter in caps and bill.known:
            capped = _under(bill, max(ZERO, caps[bill.meter] - bill.known.charged))
        if None in caps:
            so_far = charged.get(bill.period.start, ZERO)
            capped = _under(capped, max(ZERO, caps[None] - so_far))
            charged[bill.period.start] = so_far + capped.amount
        yield capped


def _charged_by_period(subscription: Subscription) -> dict[date, Decimal]:
    rows = UsagePeriod.objects.of(subscription.tenant_id).filter(subscription=subscription)
    sums = rows.values_list("period_start").annotate(charged=Sum("charged")).order_by("period_start")
    return dict(sums)


def _under(bill: UsageBill, limit: Decimal) -> UsageBill:
    charge, waived = rating.soften(bill.amount, Cap(limit, "soft"))
    if not waived:
        return bill
    values = {**bill.__dict__, "amount": charge, "waived": bill.waived + waived}
    return UsageBill(**values)


def _detail(rule: UsagePrice, allowance: Decimal) -> dict[str, Any]:
    return {
        "model": rule.model,
        "free_units": f"{allowance:f}",
        "tiers": [
            {"up_to": None if tier.up_to is None else f"{tier.up_to:f}", "unit_price": f"{tier.unit_price:f}"}
            for tier in rule.tiers
        ],
        "package_size": f"{rule.package_size:f}",
        "package_price": f"{rule.package_price:f}",
    }


def _plain(value: Fraction | None) -> Decimal:
    if value is None:
        return Decimal(0)
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.000001"))
