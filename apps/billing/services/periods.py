"""The calendar of a subscription: trial ends, boundaries, closing. Everything that is due by a local day, in order."""

from datetime import date, datetime, timedelta
from typing import cast

from apps.billing.domain import proration
from apps.billing.domain.access import SubscriptionState
from apps.billing.domain.calendar import Period, local_day
from apps.billing.models import Invoice, PendingLine, Price, Subscription, SubscriptionItem
from apps.billing.selectors.catalogue import PriceBook
from apps.billing.selectors.periods import living_items, next_boundary, period_around, size_of, usage_boundary
from apps.billing.services import audit, invoices
from apps.billing.services.access import write_access

TRIALING, EXPIRED, ACTIVE, CLOSED = (
    SubscriptionState.TRIALING,
    SubscriptionState.TRIAL_EXPIRED,
    SubscriptionState.ACTIVE,
    SubscriptionState.CLOSED,
)


def catch_up(subscription: Subscription, book: PriceBook, at: datetime) -> list[Invoice]:
    """Take every step that is due by the local day of `at`, oldest first; the drafts that came of it.

    The row must be locked. Running it twice does nothing the second time.
    """
    today, made = local_day(at), list[Invoice]()
    while True:
        step = _next_step(subscription, today)
        if step is None:
            return made
        made += step(subscription, book, at)


def _next_step(subscription: Subscription, today: date):  # type: ignore[no-untyped-def]  # one of the steps below
    if subscription.state == TRIALING and subscription.trial_end and subscription.trial_end <= today:
        return _end_trial
    if subscription.state in (TRIALING, EXPIRED, CLOSED) or subscription.period_end is None:
        return None
    return _pass_boundary if next_boundary(subscription) <= today else None


def _end_trial(subscription: Subscription, book: PriceBook, at: datetime) -> list[Invoice]:
    """R-TRIAL: with accepted terms the first day after the trial is billed, without them work stops."""
    day = cast(date, subscription.trial_end)
    if subscription.terms_accepted_at:
        return convert(subscription, book, day=day, at=at)
    _move(subscription, EXPIRED, at)
    return []


def convert(subscription: Subscription, book: PriceBook, *, day: date, at: datetime) -> list[Invoice]:
    """The subscription is billed from `day` on: anchor, first period, the invoice of reason trial_end."""
    subscription.anchor_date = subscription.billed_from = subscription.usage_until = day
    _apply_scheduled(subscription, book, day)
    period = _open_period(subscription, day)
    _bill_items(subscription, period, day)
    _move(subscription, ACTIVE, at)
    return [invoices.make_draft(subscription=subscription, reason=Invoice.Reason.TRIAL_END, period=period, at=at)]


def _pass_boundary(subscription: Subscription, book: PriceBook, at: datetime) -> list[Invoice]:
    """At boundary b: items in advance for [b, next), usage of the period that ended at b, what was waiting."""
    day = next_boundary(subscription)
    usage = Period(cast(date, subscription.usage_until), day)
    subscription.usage_until = day
    if subscription.cancel_on and subscription.cancel_on <= day:
        return _close(subscription, usage, at)
    period = Period(day, usage_boundary(subscription))
    if subscription.period_end == day:
        period = _renew(subscription, book, day)
    subscription.save()
    write_access(subscription=subscription, at=at)
    return [
        invoices.make_draft(
            subscription=subscription, reason=Invoice.Reason.RECURRING, period=period, usage=usage, at=at
        )
    ]


def _renew(subscription: Subscription, book: PriceBook, day: date) -> Period:
    """Scheduled decreases, a scheduled interval and newer price versions take effect, then the items are billed."""
    if subscription.next_interval == "month":
        subscription.interval, subscription.next_interval = "month", ""
        subscription.alignment, subscription.anchor_date = "anniversary", day
    _apply_scheduled(subscription, book, day)
    _migrate_prices(subscription, book, day)
    period = _open_period(subscription, day)
    _bill_items(subscription, period, day)
    return period


def _open_period(subscription: Subscription, day: date) -> Period:
    period = period_around(subscription, day)
    subscription.period_start, subscription.period_end = period.start, period.end
    subscription.version += 1
    subscription.save()
    return period


def replace_item(row: SubscriptionItem, *, day: date, quantity: int, price: Price) -> None:
    """Close a row of history on `day` and, unless nothing is left, open its successor."""
    close_item(row, day)
    if quantity:
        open_item(row.subscription, item=row.item, price=price, quantity=quantity, day=day)


def close_item(row: SubscriptionItem, day: date) -> None:
    row.valid_to = max(day, row.valid_from)
    row.save(update_fields=["valid_to"])


def open_item(subscription: Subscription, *, item: str, price: Price, quantity: int, day: date) -> None:
    SubscriptionItem.objects.create(
        tenant_id=subscription.tenant_id, subscription=subscription, item=item, price=price, quantity=quantity,
        valid_from=day,
    )  # fmt: skip


def _apply_scheduled(subscription: Subscription, book: PriceBook, day: date) -> None:
    for row in living_items(subscription):
        price = row.price
        if price.interval != subscription.interval:
            price = book.item(price.plan, row.item, subscription.interval) or price
        quantity = subscription.scheduled.get(row.item, row.quantity)
        if quantity != row.quantity or price.pk != row.price_id:
            replace_item(row, day=day, quantity=quantity, price=price)
    subscription.scheduled = {}


def _migrate_prices(subscription: Subscription, book: PriceBook, day: date) -> None:
    """R-PRICE-VERSION: only at a renewal on or after the grandfather date."""
    for row in living_items(subscription):
        plan = book.plan_at_renewal(row.price.plan, day)
        price = book.item(plan, row.item, subscription.interval)
        if price is not None and price.pk != row.price_id:
            replace_item(row, day=day, quantity=row.quantity, price=price)


def _bill_items(subscription: Subscription, period: Period, day: date) -> None:
    """One fixed line an item, 0.00 included: it remembers what the period began with."""
    size = size_of(subscription, period)
    PendingLine.objects.bulk_create(
        PendingLine(
            tenant_id=subscription.tenant_id, subscription=subscription, price=row.price, kind="fixed", item=row.item,
            quantity=row.quantity, unit_price=row.price.unit_price,
            amount=proration.prorated(row.price.unit_price, row.quantity, period.days, size),
            period_start=period.start, service_start=period.start, service_end=period.end, billed_days=period.days,
            period_days=size, made_on=day,
        )
        for row in living_items(subscription)
    )  # fmt: skip


def _close(subscription: Subscription, usage: Period, at: datetime) -> list[Invoice]:
    """The end that was asked for: the last usage and what waits go on the final invoice."""
    day = usage.end
    for row in living_items(subscription):
        close_item(row, day)
    subscription.closed_on = day
    _move(subscription, CLOSED, at)
    return [
        invoices.make_draft(subscription=subscription, reason=Invoice.Reason.FINAL, period=usage, usage=usage, at=at)
    ]


def final_draft(subscription: Subscription, *, day: date, at: datetime) -> Invoice | None:
    """结清账单 of a subscription that was closed on `day` for want of payment: usage not billed yet, what waits.

    None when it was never billed. The caller saves the subscription.
    """
    since = subscription.usage_until
    if since is None:
        return None
    usage = Period(since, day) if since < day else None
    subscription.usage_until = day
    period = usage or Period(day, day + timedelta(days=1))
    return invoices.make_draft(
        subscription=subscription, reason=Invoice.Reason.FINAL, period=period, usage=usage, at=at
    )


def _move(subscription: Subscription, state: SubscriptionState, at: datetime) -> None:
    before, subscription.state = subscription.state, state.value
    subscription.version += 1
    subscription.save()
    audit.record(
        at=at, tenant_id=subscription.tenant_id, action="subscription.state", object=f"subscription:{subscription.pk}",
        label=state.value, changes={"state": [before, state.value]},
    )  # fmt: skip
    write_access(subscription=subscription, at=at)
