"""What the company's own pages show of its subscription, put together from the figures of the other selectors."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.billing import offers
from apps.billing.domain.money import ZERO, total
from apps.billing.models import AlertRule, Meter, PendingLine, Subscription
from apps.billing.selectors import subscriptions, usage
from apps.billing.selectors.periods import living_items
from apps.billing.services.access import INCLUDED_SEATS
from kernel.errors import NotFound
from tenants.models import Membership


def apps_page(tenant_id: int, today: date) -> dict[str, Any]:
    """Cards, the running bill and the state of the subscription (CNY, VAT included)."""
    subscription = subscriptions.current(tenant_id)
    overview = subscriptions.overview(tenant_id)
    rows = {row["item"]: row for row in subscriptions.module_cards(tenant_id, today)}
    seats = rows.pop("seat")
    return {
        "subscription": subscription,
        "overview": overview,
        "state": offers.state(offers.SUBSCRIPTION_WORDS, subscription.state),
        "cards": [_card(offer, rows[offer.module], subscription, today) for offer in offers.OFFERS],
        "seats": {"held": INCLUDED_SEATS + seats["quantity"], "next": INCLUDED_SEATS + seats["next_quantity"],
                  "price": seats["unit_price"]},
        "bill": bill(subscription, overview),
        "trial_run": trial_of(subscription, today),
    }  # fmt: skip


def _card(offer: offers.Offer, row: dict[str, Any], subscription: Subscription, today: date) -> dict[str, Any]:
    held = row["quantity"] > 0
    word: dict[str, Any] | None = offers.state(offers.SUBSCRIPTION_WORDS, "active") if held else None
    trial = trial_of(subscription, today)
    if held and trial:
        word = {"tone": "orange", "days_left": trial["days_left"]}
    elif held and subscription.state != "active":
        word = offers.state(offers.SUBSCRIPTION_WORDS, subscription.state)
    return {
        "offer": offer,
        "price": row["unit_price"],
        "interval": row["interval"],
        "held": held,
        "state": word,
        "ends_on": row["ends_on"],
        "shown": held or offer.is_built,
    }


def bill(subscription: Subscription, overview: dict[str, Any]) -> dict[str, Any]:
    """本期账单: what the running period has charged, and what the next invoice will bring.

    In a trial the rows are what the first period after it will cost a full period.
    """
    following = overview["next_invoice"]
    if subscription.period_start is None:
        rows = [_coming(row) for row in overview["items"] if row["unit_price"] and row["next_quantity"]]
    else:
        rows = [_charged(line) for line in _lines(subscription)]
    return {
        "period": overview["period"],
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


def _coming(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": offers.item_words(row["item"], row["name"]),
        "quantity": row["next_quantity"],
        "days": None,
        "amount": (row["unit_price"] * row["next_quantity"]).quantize(Decimal("0.01")),
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
