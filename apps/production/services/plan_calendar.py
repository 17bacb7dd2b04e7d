"""The plan calendar as a row of open and closed days."""

from datetime import date
from typing import Any

ROUND_THE_CLOCK = "24x7"


def workdays(code: str, *, start_on: date, until: date) -> dict[str, Any]:
    """`workdays` and `before` of a planning problem; nothing when every day is a working day."""
    return {}
