"""How far ahead the operator may put something off: a slip of the year must not free a company for good."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from apps.billing.domain.calendar import local_day
from kernel.errors import Invalid

FARTHEST = timedelta(days=3660)


def check_ahead(until: date, at: datetime) -> None:
    """Raises Invalid for a day more than ten years after `at`."""
    if until - local_day(at) > FARTHEST:
        raise Invalid(_("日期太远，最多到十年后。"), fields={"until": [_("太远。")]})
