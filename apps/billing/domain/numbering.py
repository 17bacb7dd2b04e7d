"""Invoice identity: what may exist only once (R-RUN), and numbers without gaps (R-NUMBER)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from apps.billing.domain.calendar import local_day

SeriesKind = Literal["INV", "CN"]
Reason = Literal["trial_end", "recurring", "change", "final"]


@dataclass(frozen=True)
class RunKey:
    """R-RUN: one invoice per subscription, reason and start of period; a change has its own identity."""

    subscription: int
    reason: Reason
    period_start: date


def series_at(kind: SeriesKind, finalised_at: datetime) -> str:
    """R-NUMBER: `INV-2026`, by the local year of the moment of finalise."""
    return f"{kind}-{local_day(finalised_at).year}"


def format_number(series: str, number: int) -> str:
    """R-NUMBER: `INV-2026-000001`; `number` = last of the series + 1, taken in the finalising transaction."""
    if number < 1:
        raise ValueError("numbers of a series start at 1")
    return f"{series}-{number:06d}"


def due_on(issued_on: date, terms_days: int) -> date:
    """Due = local issue day + terms, in days."""
    return issued_on + timedelta(days=terms_days)
