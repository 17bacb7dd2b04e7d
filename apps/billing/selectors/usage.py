"""Usage as the company sees it: this month by meter, by day, the events behind a figure."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from apps.billing.domain.calendar import Period, local_day, start_of_day
from apps.billing.models import Meter, SpendCap, Subscription, UsageEvent
from apps.billing.selectors.catalogue import price_book
from apps.billing.selectors.periods import usage_boundary
from apps.billing.selectors.rating import UsageBill, usage_bills
from apps.billing.selectors.subscriptions import current
from apps.billing.selectors.usage_store import day_totals


def usage_month(subscription: Subscription, today: date) -> Period:
    """The month of usage that runs today; before the first billable day it is the trial, which is free."""
    if subscription.usage_until is None:
        return Period(subscription.started_on, max(subscription.trial_end or today, today))
    return Period(subscription.usage_until, usage_boundary(subscription))


def current_bills(subscription: Subscription, today: date) -> Sequence[UsageBill]:
    """What each meter costs so far in the running month."""
    return usage_bills(subscription, usage_month(subscription, today), price_book())


def usage_page(tenant_id: int, *, today: date, now: datetime) -> dict[str, Any]:
    """`{period, fresh_as_of, meters [...]}`: figures up to this moment, charges after soft caps. Free in a trial."""
    subscription = current(tenant_id)
    bills = current_bills(subscription, today)
    caps = {cap.meter_id: cap for cap in SpendCap.objects.of(tenant_id).order_by("id")}
    free = subscription.billed_from is None
    return {
        "period": [bills[0].period.start, bills[0].period.end] if bills else None,
        "fresh_as_of": now,
        "meters": [_meter(bill, caps.get(bill.meter), free) for bill in bills],
    }


def _meter(bill: UsageBill, cap: SpendCap | None, free: bool) -> dict[str, Any]:
    percent = bill.quantity * 100 / bill.allowance if bill.allowance else Decimal(100 if bill.quantity else 0)
    return {
        "meter": bill.meter,
        "name": bill.name,
        "unit": bill.unit,
        "quantity": bill.quantity,
        "allowance": bill.allowance,
        "billable": bill.billable,
        "charge": Decimal("0.00") if free else bill.amount,
        "waived": bill.waived,
        "cap": {"mode": cap.mode, "amount": cap.amount} if cap else None,
        "percent": int(percent),
    }


def usage_days(tenant_id: int, *, start: date, end: date, meter: str | None = None) -> list[dict[str, Any]]:
    """One row per meter and local day from `start` to `end`, both included."""
    totals = day_totals(tenant_id, Period(start, date.fromordinal(end.toordinal() + 1)))
    return [
        {"meter": code, "day": day, "count": row.count, "sum": row.sum, "max": row.max, "last": row.last}
        for (code, day), row in sorted(totals.items())
        if meter in (None, code)
    ]


def usage_events(
    tenant_id: int, *, start: date | None = None, end: date | None = None, meter: str | None = None
) -> QuerySet[UsageEvent]:
    """The events behind the figures, newest first."""
    rows = UsageEvent.objects.of(tenant_id)
    if meter:
        rows = rows.filter(meter=meter)
    if start:
        rows = rows.filter(local_day__gte=start)
    if end:
        rows = rows.filter(local_day__lte=end)
    return rows.order_by("-occurred_at", "-id")


def meters_by_code() -> dict[str, Meter]:
    return {meter.code: meter for meter in Meter.objects.order_by("code")}


# One round trip: the board asks on every look.
_HEALTH = """
SELECT (SELECT count(*) FROM billing_usageevent WHERE received_at > %(minute)s AND occurred_at > %(window)s),
       (SELECT count(*) FROM billing_usageevent WHERE received_at >= %(today)s AND occurred_at > %(window)s),
       (SELECT received_at FROM billing_usageevent
        WHERE id > (SELECT COALESCE(max(last_id), 0) FROM billing_usagewatermark) ORDER BY id LIMIT 1),
       (SELECT count(*) FROM billing_usagequarantine WHERE state = 'quarantined'),
       (SELECT count(*) FROM billing_usageconflict WHERE received_at >= %(today)s),
       (SELECT count(*) FROM billing_usagedirtyday)
"""
WINDOW = timedelta(days=36)  # an event is at most 35 days late: older months need not be looked at


def health(*, now: datetime) -> dict[str, Any]:
    """The pipeline for the operator: pace, lag of the daily sums, what waits for a person."""
    start = start_of_day(local_day(now))
    moments = {"minute": now - timedelta(minutes=1), "today": start, "window": start - WINDOW}
    with connection.cursor() as cursor:
        cursor.execute(_HEALTH, moments)
        minute, today, oldest, quarantined, conflicts, dirty = cursor.fetchone()
    return {
        "events_last_minute": minute,
        "received_today": today,
        "lag_seconds": int((now - oldest).total_seconds()) if oldest else 0,
        "quarantine_open": quarantined,
        "conflicts_today": conflicts,
        "dirty_days": dirty,
    }
