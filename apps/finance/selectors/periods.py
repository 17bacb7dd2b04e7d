"""Periods with what is posted and what waits in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from apps.finance.domain.periods import Period as Month
from apps.finance.models import NumberCounter, Period, Voucher
from kernel.errors import NotFound


@dataclass(frozen=True)
class PeriodView:
    """A period with counts of vouchers and the last number of each word that was used."""

    period: Period
    posted: int
    unposted: int
    last_numbers: dict[str, int]


def listed(year: int | None = None) -> QuerySet[Period]:
    """Periods by time."""
    rows = Period.objects.order_by("index")
    return rows if year is None else rows.filter(year=year)


def viewed(periods: Sequence[Period]) -> list[PeriodView]:
    """The periods with their counts: two queries for any number of them."""
    ids = [period.pk for period in periods]
    posted = Q(state=Voucher.State.POSTED)
    rows = Voucher.objects.filter(period_id__in=ids).order_by().values("period_id")
    counts = {
        row["period_id"]: row for row in rows.annotate(on=Count("id", filter=posted), off=Count("id", filter=~posted))
    }
    last: dict[int, dict[str, int]] = {}
    counters = NumberCounter.objects.filter(period_id__in=ids, last_no__gt=0).order_by("word")
    for period_id, word, no in counters.values_list("period_id", "word", "last_no"):
        last.setdefault(period_id, {})[word] = no
    nothing = {"on": 0, "off": 0}
    return [
        PeriodView(
            period,
            counts.get(period.pk, nothing)["on"],
            counts.get(period.pk, nothing)["off"],
            last.get(period.pk, {}),
        )
        for period in periods
    ]


def detail(month: Month) -> PeriodView:
    """One period. Raises NotFound."""
    return viewed([of_month(month, Period.objects.filter(index=month.index))])[0]


def of_month(month: Month, rows: Iterable[Period]) -> Period:
    """The period of a month among rows that were read already. Raises NotFound."""
    found = next((row for row in rows if row.index == month.index), None)
    if found is None:
        raise NotFound(_("没有会计期间 %(period)s。") % {"period": month})
    return found
