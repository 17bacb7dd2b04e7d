"""calendar: boundaries of a subscription and the period that holds a moment."""

from itertools import pairwise

from apps.billing.domain import calendar
from apps.billing.domain.calendar import Period
from tests.billing.case_kinds._text import Json, day, days, moment


def run(given: Json) -> Json:
    anchor, interval = day(given["anchor"]), given["interval"]
    dates = calendar.boundaries(anchor, interval, given["count"])
    moments = [moment(text) for text in given.get("locate", [])]
    return {
        "boundaries": [boundary.isoformat() for boundary in dates],
        "period_days": [Period(start, end).days for start, end in pairwise(dates)],
        "located": [days(period) for period in calendar.locate(anchor, interval, moments)],
    }
