"""What a fresh company has: the calendar that never closes."""

from apps.production.models import Calendar, CalendarShift

ROUND_THE_CLOCK = "24x7"
DAY = 1440


def seed_calendar() -> None:
    """Make `24x7` unless it is there. Idempotent."""
    calendar, made = Calendar.objects.get_or_create(
        code_key=ROUND_THE_CLOCK, defaults={"code": ROUND_THE_CLOCK, "name": "全天"}
    )
    if made:
        CalendarShift.objects.bulk_create(
            CalendarShift(calendar=calendar, from_minute=day * DAY, to_minute=(day + 1) * DAY) for day in range(7)
        )
