"""Local days and boundaries. A period is half-open: [start 00:00, end 00:00) in the billing zone (R-TZ)."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")

Interval = Literal["month", "year"]
Alignment = Literal["calendar", "anniversary"]

_MONTHS: dict[str, int] = {"month": 1, "year": 12}


@dataclass(frozen=True, order=True)
class Period:
    """Whole local days from `start` up to, but without, `end`."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """R-DAY: whole local calendar days, never seconds and never a fixed 30."""
        return (self.end - self.start).days

    def holds(self, day: date) -> bool:
        """Is `day` one of the days of this period?"""
        return self.start <= day < self.end

    def rest(self, day: date) -> int:
        """Days from `day`, itself included, to the end."""
        return (self.end - max(day, self.start)).days


def local_day(moment: datetime) -> date:
    """R-TZ: the calendar day in Asia/Shanghai on which `moment` (aware) falls."""
    return moment.astimezone(ZONE).date()


def start_of_day(day: date) -> datetime:
    """R-TZ: the moment at which `day` begins in Asia/Shanghai."""
    return datetime.combine(day, time.min, tzinfo=ZONE)


def boundary(anchor: date, interval: Interval, number: int) -> date:
    """R-ANCHOR: anchor + `number` intervals, day clamped to the month, always from the original anchor."""
    months = anchor.year * 12 + anchor.month - 1 + number * _MONTHS[interval]
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(anchor.day, last))


def boundaries(anchor: date, interval: Interval, count: int) -> tuple[date, ...]:
    """R-ANCHOR: the ends of `count` periods with the anchor in front, `count` + 1 dates."""
    return tuple(boundary(anchor, interval, number) for number in range(count + 1))


def period_of(anchor: date, interval: Interval, day: date) -> Period:
    """R-ANCHOR: the period of this anchor that holds `day`; days before the anchor count backwards."""
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    number = months // _MONTHS[interval]
    # Clamping and the day of the month can put the guess one interval too far.
    if boundary(anchor, interval, number) > day:
        number -= 1
    return Period(boundary(anchor, interval, number), boundary(anchor, interval, number + 1))


def month_of(day: date) -> Period:
    """The calendar month that holds `day`."""
    return period_of(day.replace(day=1), "month", day)


def service_period(anchor: date, interval: Interval, alignment: Alignment, day: date) -> Period:
    """The billing period that holds `day`: calendar alignment ends on the 1st, a year is always anniversary.

    The first part-month of calendar alignment starts on the anchor, not on the 1st.
    """
    if interval == "year" or alignment == "anniversary":
        return period_of(anchor, interval, day)
    month = month_of(day)
    return Period(anchor, month.end) if month.holds(anchor) and day >= anchor else month


def size_of(period: Period, interval: Interval, alignment: Alignment) -> int:
    """R-DAY: the days that prorations divide by: the whole calendar month for a first part-month."""
    if interval == "month" and alignment == "calendar":
        return month_of(period.start).days
    return period.days


def finalise_not_before(period_end: date, grace_hours: int) -> datetime:
    """R-GRACE: an invoice with usage stays a draft for `grace_hours` after the end of its period."""
    return start_of_day(period_end) + timedelta(hours=grace_hours)


def locate(anchor: date, interval: Interval, moments: Sequence[datetime]) -> tuple[Period, ...]:
    """R-TZ, R-ANCHOR: the period that holds each moment."""
    return tuple(period_of(anchor, interval, local_day(moment)) for moment in moments)
