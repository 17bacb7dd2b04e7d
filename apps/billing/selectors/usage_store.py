"""The one door to stored usage: daily sums plus what is above their watermark, in one snapshot."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.db import connection

from apps.billing.domain.calendar import Period, month_of, start_of_day
from apps.billing.domain.rating import LevelChange, level_days
from apps.billing.domain.usage import Totals, UsageEvent, aggregate
from apps.billing.models import Meter
from apps.billing.models import UsageEvent as EventRow

# A single statement sees one snapshot: no event can be in a daily sum and above the watermark at once.
_DAYS = """
WITH mark AS (SELECT COALESCE(max(last_id), 0) AS last_id FROM billing_usagewatermark),
dirty AS (
    SELECT meter, day FROM billing_usagedirtyday WHERE tenant_id = %(tenant)s AND day >= %(start)s AND day < %(end)s
)
SELECT meter, day, sum(count)::bigint, sum(total), max(top), (array_agg(last ORDER BY last_at DESC NULLS LAST))[1]
FROM (
    SELECT r.meter_id AS meter, r.day, r.count, r.sum AS total, r.max AS top, r.last, r.last_at
    FROM billing_usagerollupday r
    WHERE r.tenant_id = %(tenant)s AND r.day >= %(start)s AND r.day < %(end)s
      AND NOT EXISTS (SELECT 1 FROM dirty d WHERE d.meter = r.meter_id AND d.day = r.day)
    UNION ALL
    SELECT e.meter, e.local_day, 1, COALESCE(e.value, 1), COALESCE(e.value, 1), COALESCE(e.value, 1), e.occurred_at
    FROM billing_usageevent e
    WHERE e.tenant_id = %(tenant)s AND e.local_day >= %(start)s AND e.local_day < %(end)s
      AND e.occurred_at >= %(start)s::date - interval '1 day' AND e.occurred_at < %(end)s::date + interval '1 day'
      AND (e.id > (SELECT last_id FROM mark)
           OR EXISTS (SELECT 1 FROM dirty d WHERE d.meter = e.meter AND d.day = e.local_day))
      AND NOT EXISTS (SELECT 1 FROM billing_usagevoid v WHERE v.event_id = e.id)
) parts
GROUP BY meter, day ORDER BY meter, day
"""


def day_totals(tenant_id: int, period: Period) -> dict[tuple[str, date], Totals]:
    """(meter, local day) -> totals of accepted, not voided events of one company."""
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, {"tenant": tenant_id, "start": period.start, "end": period.end})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return {
        (meter, day): Totals(count=count, sum=total, max=top, last=last) for meter, day, count, total, top, last in rows
    }


def period_totals(tenant_id: int, period: Period) -> dict[str, Decimal]:
    """R-AGG: meter -> the figure that is billed, for the meters that have events in `period`."""
    by_meter: dict[str, dict[date, Totals]] = defaultdict(dict)
    for (meter, day), totals in day_totals(tenant_id, period).items():
        by_meter[meter][day] = totals
    meters = {meter.code: meter for meter in Meter.objects.filter(code__in=by_meter).order_by("code")}
    return {code: _quantity(tenant_id, meters[code], period, days) for code, days in by_meter.items()}


def _quantity(tenant_id: int, meter: Meter, period: Period, days: dict[date, Totals]) -> Decimal:
    if meter.source == Meter.Source.GAUGE:
        return _level(period, days)
    if meter.aggregation == "unique_count":
        return _from_events(tenant_id, meter, period).quantity("unique_count")
    whole = Totals()
    for totals in days.values():  # in order of days: the last day with events has the last value
        whole = whole.merged(totals)
    if meter.aggregation == "last":
        return list(days.values())[-1].last
    return whole.quantity(meter.aggregation)  # type: ignore[arg-type]  # the column holds the names of the literal


def _level(period: Period, days: dict[date, Totals]) -> Decimal:
    """R-WEIGHTED: level-days up to the last day that was measured, over the days of the period; six decimals.

    A day that was not measured has the level of the day before it; a part of a month counts over the whole month.
    """
    month = month_of(period.start)
    size = month.days if period.end <= month.end else period.days
    changes = [LevelChange(start_of_day(day), totals.last) for day, totals in days.items()]
    known = Period(period.start, max(days) + timedelta(days=1))
    exact = Fraction(level_days(known, Decimal(0), changes)) / size
    return (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def _from_events(tenant_id: int, meter: Meter, period: Period) -> Totals:
    """Distinct keys do not add up over days: they are counted from the events."""
    rows = EventRow.objects.of(tenant_id).filter(
        meter=meter.code, local_day__gte=period.start, local_day__lt=period.end
    )
    living = rows.extra(  # a join over the partitioned table, which has no relation in the ORM
        where=["NOT EXISTS (SELECT 1 FROM billing_usagevoid v WHERE v.event_id = billing_usageevent.id)"]
    )
    events = (
        UsageEvent(
            tenant=str(tenant_id), transaction_id=row.transaction_id, meter=row.meter, value=row.value,
            occurred_at=row.occurred_at, properties=row.properties,
        )
        for row in living.order_by("id").iterator()
    )  # fmt: skip
    return aggregate(events, meter.unique_key or None)
