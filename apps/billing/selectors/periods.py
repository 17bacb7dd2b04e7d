"""The calendar of one subscription: its boundaries, periods and what it holds now."""

from datetime import date
from typing import cast

from apps.billing.domain import calendar
from apps.billing.domain.calendar import Alignment, Interval, Period
from apps.billing.models import Subscription, SubscriptionItem


def next_boundary(subscription: Subscription) -> date:
    """The next day on which something is billed: the end of the service period or of the month of usage."""
    return min(cast(date, subscription.period_end), usage_boundary(subscription))


def usage_boundary(subscription: Subscription) -> date:
    """End of the running month of usage; it is the anchor itself when the anchor moved inside a month."""
    since, anchor = cast(date, subscription.usage_until), cast(date, subscription.anchor_date)
    if since < anchor:
        return anchor
    if subscription.interval == "month" and subscription.alignment == "calendar":
        return calendar.month_of(since).end
    return calendar.period_of(anchor, "month", since).end


def period_around(subscription: Subscription, day: date) -> Period:
    """The service period that holds `day`, by interval, alignment and anchor."""
    return calendar.service_period(
        cast(date, subscription.anchor_date),
        cast(Interval, subscription.interval),
        cast(Alignment, subscription.alignment),
        day,
    )


def size_of(subscription: Subscription, period: Period) -> int:
    """R-DAY: the days that prorations of `period` divide by."""
    return calendar.size_of(period, cast(Interval, subscription.interval), cast(Alignment, subscription.alignment))


def living_items(subscription: Subscription) -> list[SubscriptionItem]:
    """Items held now, in catalogue order."""
    rows = SubscriptionItem.objects.of(subscription.tenant_id).filter(subscription=subscription, valid_to=None)
    found = list(rows.select_related("price", "price__plan").order_by("price__position", "id"))
    for row in found:
        row.subscription = subscription  # the very row that is locked
    return found
