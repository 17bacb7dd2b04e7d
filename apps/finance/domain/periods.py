"""Accounting periods: calendar months, and spans of them."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from apps.finance.domain.errors import BookkeepingError, gettext_noop

_PERIOD = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_BAD_PERIOD = gettext_noop("“%(text)s”不是会计期间，请写成 2026-01 这样的年月。")


@dataclass(frozen=True, order=True)
class Period:
    """会计期间: one calendar month, written `2026-01`; ordered by time."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1900 <= self.year <= 9999):
            raise BookkeepingError("invalid", _BAD_PERIOD, text=f"{self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `2026-01`; anything else is refused with `invalid`."""
        match = _PERIOD.fullmatch(text)
        if match is None:
            raise BookkeepingError("invalid", _BAD_PERIOD, text=text[:20])
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "Period":
        """The month a date falls into."""
        return cls(day.year, day.month)

    @classmethod
    def from_index(cls, index: int) -> "Period":
        """The inverse of `index`."""
        return cls(index // 12, index % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def __add__(self, months: int) -> "Period":
        return Period.from_index(self.index + months)

    @property
    def index(self) -> int:
        """Months since year 0: neighbours differ by one."""
        return self.year * 12 + self.month - 1

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def january(self) -> "Period":
        """First month of the same accounting year (会计年度 = calendar year)."""
        return Period(self.year, 1)

    @property
    def is_december(self) -> bool:
        return self.month == 12

    def holds(self, day: date) -> bool:
        """A voucher's date lies inside its period."""
        return (day.year, day.month) == (self.year, self.month)


@dataclass(frozen=True)
class Span:
    """Months from `first` to `last`, both included."""

    first: Period
    last: Period

    def __post_init__(self) -> None:
        if self.last < self.first:
            message = gettext_noop("起始期间 %(first)s 晚于截止期间 %(last)s，请调换。")
            raise BookkeepingError("invalid", message, first=str(self.first), last=str(self.last))

    def __iter__(self) -> Iterator[Period]:
        for index in range(self.first.index, self.last.index + 1):
            yield Period.from_index(index)

    def __len__(self) -> int:
        return self.last.index - self.first.index + 1

    def __contains__(self, period: Period) -> bool:
        return self.first <= period <= self.last

    @property
    def days(self) -> int:
        """Calendar days."""
        return (self.last.last_day - self.first.first_day).days + 1

    def not_before(self, start: Period) -> "Span":
        """The part from `start` on: a quarter begun before the book counts from its first period."""
        return Span(max(self.first, start), max(self.last, start))


def month_span(period: Period) -> Span:
    """One month."""
    return Span(period, period)


def quarter_of(period: Period) -> Span:
    """The whole calendar quarter that holds the period."""
    first = Period(period.year, (period.month - 1) // 3 * 3 + 1)
    return Span(first, first + 2)


def year_of(period: Period) -> Span:
    """January to December of the period's year."""
    return Span(period.january, Period(period.year, 12))


def year_to_date(period: Period) -> Span:
    """January to the period."""
    return Span(period.january, period)


def report_span(period: Period, kind: str) -> Span:
    """Span of a statement whose last month is `period`: kind month, quarter or year.

    A quarter or year begins at its first month and ends at `period`, even when that is not its last month.
    """
    whole = {"month": month_span, "quarter": quarter_of, "year": year_of}
    if kind not in whole:
        raise BookkeepingError("invalid", gettext_noop("报表跨度只能是 month、quarter 或 year。"))
    return Span(whole[kind](period).first, period)


def filing_span(period: Period, filing: str) -> Span:
    """VAT filing period (纳税期) that holds `period`; filing is month or quarter."""
    return quarter_of(period) if filing == "quarter" else month_span(period)


def is_filing_end(period: Period, filing: str) -> bool:
    """True in the last month of the filing period, when the small-scale steps draft."""
    return filing_span(period, filing).last == period


def initial_periods(start: Period) -> Span:
    """Periods made at set-up: from the first one to December of the next year."""
    return Span(start, Period(start.year + 1, 12))


def periods_after_year_close(year: int) -> Span:
    """Periods made when December of `year` closes: the year after next."""
    return Span(Period(year + 2, 1), Period(year + 2, 12))
