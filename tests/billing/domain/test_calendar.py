"""R-TZ, R-DAY, R-ANCHOR, R-GRACE."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from apps.billing.domain import calendar
from apps.billing.domain.calendar import Period

some_days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
intervals = st.sampled_from(["month", "year"])


def test_r_tz_a_day_begins_at_sixteen_hours_utc():
    before = datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC)

    assert calendar.local_day(before) == date(2026, 2, 28)
    assert calendar.start_of_day(date(2026, 3, 1)) == datetime(2026, 2, 28, 16, tzinfo=UTC)


def test_r_anchor_leap_day_returns_every_fourth_year():
    anchor = date(2024, 2, 29)

    assert calendar.boundary(anchor, "year", 1) == date(2025, 2, 28)
    assert calendar.boundary(anchor, "year", 4) == date(2028, 2, 29)


@given(some_days, intervals, some_days)
def test_r_anchor_every_day_lies_in_exactly_one_period(anchor, interval, day):
    held = calendar.period_of(anchor, interval, day)

    assert held.holds(day)
    assert calendar.period_of(anchor, interval, held.start) == held
    assert calendar.period_of(anchor, interval, held.end).start == held.end


def test_calendar_alignment_prorates_the_first_part_month_over_the_whole_month():
    first = calendar.service_period(date(2026, 3, 19), "month", "calendar", date(2026, 3, 25))
    second = calendar.service_period(date(2026, 3, 19), "month", "calendar", date(2026, 4, 1))

    assert first == Period(date(2026, 3, 19), date(2026, 4, 1))
    assert calendar.size_of(first, "month", "calendar") == 31
    assert second == Period(date(2026, 4, 1), date(2026, 5, 1))


def test_a_year_is_always_anniversary():
    held = calendar.service_period(date(2026, 3, 19), "year", "calendar", date(2027, 3, 18))

    assert held == Period(date(2026, 3, 19), date(2027, 3, 19))
    assert calendar.size_of(held, "year", "calendar") == 365


def test_r_grace_counts_from_the_local_end_of_the_period():
    moment = calendar.finalise_not_before(date(2026, 3, 1), 72)

    assert moment.isoformat() == "2026-03-04T00:00:00+08:00"
