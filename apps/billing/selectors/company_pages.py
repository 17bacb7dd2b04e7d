"""What the company's own pages show of its subscription, put together from the figures of the other selectors."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.billing import offers
from apps.billing.domain.money import ZERO, total
from apps.billing.domain.proration import prorated
from apps.billing.models import AlertRule, Meter, PendingLine, Price, Subscription, SubscriptionItem
from apps.billing.selectors import subscriptions, usage
from apps.billing.selectors.catalogue import price_book
from apps.billing.selectors.periods import living_items
from apps.billing.services.access import INCLUDED_SEATS
from kernel.errors import NotFound
from tenants.models import Membership


def apps_page(tenant_id: int, today: date) -> dict[str, Any]:
    """Cards, the running bill and the state of the subscription (CNY, VAT included)."""
    subscription, book = subscriptions.current(tenant_id), price_book()
    held = {row.item: row for row in living_items(subscription)}
    on_sale = {price.item: price for price in book.items(book.plan_on(today), subscription.interval)}
    seats = held["seat"].quantity if "seat" in held else 0
    return {
        "subscription": subscription,
        "state": offers.state(offers.SUBSCRIPTION_WORDS, subscription.state),
        "cards": [
            _card(offer, on_sale[offer.module], held.get(offer.module), subscription, today) for offer in offers.OFFERS
        ],
        "seats": {"held": INCLUDED_SEATS + seats},
        "bill": bill(subscription, list(held.values())),
        "trial_run": trial_of(subscription, today),
    }


def _card(
    offer: offers.Offer, price: Price, held: SubscriptionItem | None, subscription: Subscription, today: date
) -> dict[str, Any]:
    word: dict[str, Any] | None = offers.state(offers.SUBSCRIPTION_WORDS, "active") if held else None
    trial = trial_of(subscription, today)
    if held and trial:
        word = {"tone": "orange", "days_left": trial["days_left"]}
    elif held and subscription.state != "active":
        word = offers.state(offers.SUBSCRIPTION_WORDS, subscription.state)
    return {
        "offer": offer,
        "price": (held.price if held else price).unit_price,
        "interval": subscription.interval,
        "held": held is not None,
        "state": word,
        "ends_on": subscription.period_end if subscription.scheduled.get(offer.module) == 0 else None,
        "shown": held is not None or offer.is_built,
    }


def bill(subscription: Subscription, held: list[SubscriptionItem]) -> dict[str, Any]:
    """本期账单: what the running period has charged, and what the next invoice will bring.

    In a trial the rows are what each item costs a full period afterwards.
    """
    following = subscriptions.next_invoice(subscription, held)
    if subscription.period_start is None:
        rows = [row for item in held if (row := _coming(item, subscription))["amount"]]
    else:
        rows = [_charged(line) for line in _lines(subscription)]
    return {
        "period": [subscription.period_start, subscription.period_end] if subscription.period_start else None,
        "rows": rows,
        "total": total(row["amount"] for row in rows),
        "next": following,
        "next_total": following["fixed"] + following["pending"] if following else ZERO,
    }


def _lines(subscription: Subscription) -> list[PendingLine]:
    lines = PendingLine.objects.of(subscription.tenant_id).filter(
        subscription=subscription, period_start=subscription.period_start
    )
    return list(lines.exclude(amount=0).select_related("price").order_by("price__position", "id"))


def _charged(line: PendingLine) -> dict[str, Any]:
    part = line.billed_days != line.period_days
    return {
        "name": offers.item_words(line.item, line.price.name),
        "quantity": line.quantity,
        "days": (line.billed_days, line.period_days) if part else None,
        "amount": line.amount,
    }


def _coming(item: SubscriptionItem, subscription: Subscription) -> dict[str, Any]:
    quantity = subscription.scheduled.get(item.item, item.quantity)
    return {
        "name": offers.item_words(item.item, item.price.name),
        "quantity": quantity,
        "days": None,
        "amount": prorated(item.price.unit_price, quantity, 1, 1),
    }


def trial_of(subscription: Subscription, today: date) -> dict[str, Any] | None:
    """{days_left, percent, last_day} while the trial runs."""
    if subscription.state != "trialing" or subscription.trial_end is None:
        return None
    left = max((subscription.trial_end - today).days, 0)
    whole = max((subscription.trial_end - subscription.started_on).days, 1)
    last = subscriptions.trial_last_day(subscription)
    return {"days_left": left, "percent": (whole - left) * 100 // whole, "last_day": last}


def who_manages(tenant_id: int) -> str:
    """The owner's name: whom a member without the right asks."""
    owners = Membership.objects.filter(tenant_id=tenant_id, role="owner", status="active").order_by("id")
    return owners.values_list("user__name", flat=True).first() or ""


def usage_page(tenant_id: int, *, today: date, now: datetime) -> dict[str, Any]:
    """用量: the meters of what the company holds and of the platform, others once something was counted."""
    page = usage.usage_page(tenant_id, today=today, now=now)
    subscription = subscriptions.current(tenant_id)
    held = {row.item for row in living_items(subscription)} | {"platform"}
    meters = [
        {**meter, "name": offers.item_words(meter["meter"], meter["name"]),
         "unit": offers.unit_words(meter["meter"], meter["unit"]), "bar": min(meter["percent"], 100),
         "tone": _bar_tone(meter["percent"])}
        for meter in page["meters"]
        if meter["meter"].partition(".")[0] in held or meter["quantity"]
    ]  # fmt: skip
    return {
        "usage_period": page["period"],
        "fresh_as_of": page["fresh_as_of"],
        "subscription": subscription,
        "meters": meters,
        "total": total(meter["charge"] for meter in meters),
        "is_free": subscription.billed_from is None,
    }


def _bar_tone(percent: int) -> str:
    if percent >= 100:
        return "q-p-4"
    return "q-p-3" if percent >= 80 else ""


def meter_page(tenant_id: int, *, meter: str, today: date, now: datetime) -> dict[str, Any]:
    """One meter: its days of the running period, the newest events, its cap and its alerts. Raises NotFound."""
    page = usage.usage_page(tenant_id, today=today, now=now)
    row = next((row for row in page["meters"] if row["meter"] == meter), None)
    if row is None:
        raise NotFound(_("没有这个计量项。"))
    start, end = page["period"]
    days = usage.usage_days(tenant_id, start=start, end=min(today, end - timedelta(days=1)), meter=meter)
    highest = max((day["sum"] for day in days), default=Decimal(1)) or Decimal(1)
    alert = AlertRule.objects.of(tenant_id).filter(meter_id=meter).first()
    fact = Meter.objects.get(pk=meter)
    return {
        "meter": {**row, "name": offers.item_words(meter, row["name"]), "unit": offers.unit_words(meter, row["unit"])},
        "source": fact.source,
        "usage_period": page["period"],
        "days": [{**day, "bar": int(day["sum"] * 100 / highest)} for day in reversed(days)],
        "events": usage.usage_events(tenant_id, start=start, end=today, meter=meter)[:20],
        "alert": alert,
    }
