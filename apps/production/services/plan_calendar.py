"""The plan calendar as a row of open and closed days."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from apps.production.models import Calendar

ROUND_THE_CLOCK = "24x7"
MINUTES_A_DAY = 1440
BEFORE = 3700  # days before the plan that lead times may reach into


def workdays(code: str, *, start_on: date, until: date) -> dict[str, Any]:
    """`workdays` and `before` of a planning problem; nothing when every day is a working day.

    A day is open when a shift begins on it; exceptions say otherwise for their day. A calendar that is gone or closed
    for ever leaves every day open: a plan without any day would be no plan.
    """
    calendar = Calendar.objects.filter(code_key=code.casefold()).first() if code != ROUND_THE_CLOCK else None
    if calendar is None:
        return {}
    begins = {shift.from_minute // MINUTES_A_DAY for shift in calendar.shifts.all()}
    first = start_on - timedelta(days=BEFORE)
    days = [first + timedelta(days=at) for at in range((until - first).days + 1)]
    is_open = np.array([day.weekday() in begins for day in days], dtype=bool)
    for row in calendar.exceptions.filter(on__range=(first, until)):
        is_open[(row.on - first).days] = bool(row.shifts)
    return {"workdays": is_open, "before": BEFORE} if is_open.any() else {}
