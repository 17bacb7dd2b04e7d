"""The owner's figures: cash, revenue and profit of the last twelve months, and what waits."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Case, Count, F, Q, Sum, Value, When

from apps.finance.domain.periods import Period as Month
from apps.finance.models import Book, BusinessFact, LedgerAccount, OpeningBalance, Period, PeriodBalance, Voucher
from apps.finance.selectors.posting import open_facts
from kernel import figures
from kernel.memo import remembered

MONTHS = 12
REVENUE = ("5001", "5051")  # lines 1 of 会小企02表
_CASH = ~Q(account__cash_kind=LedgerAccount.CashKind.NONE)


@dataclass(frozen=True)
class MonthFigures:
    """Revenue, and costs with expenses, of one month in CNY, vouchers of kind closing left out."""

    month: Month
    revenue: Decimal
    costs: Decimal

    @property
    def profit(self) -> Decimal:
        return self.revenue - self.costs


@remembered
def earnings(last: Month) -> list[MonthFigures]:
    """The twelve months up to `last`, oldest first; one query."""
    first = last + (1 - MONTHS)
    own = Q(account__code__startswith=REVENUE[0]) | Q(account__code__startswith=REVENUE[1])
    net = F("credit") - F("closing_credit") - F("debit") + F("closing_debit")
    rows = (
        PeriodBalance.objects.filter(account__code__startswith="5", period__index__range=(first.index, last.index))
        .order_by()
        .annotate(is_revenue=Case(When(own, then=Value(1)), default=Value(0)))
        .values("period__index", "is_revenue")
        .annotate(net=Sum(net))
    )
    sums: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row["period__index"], row["is_revenue"]] = row["net"]
    months = [first + step for step in range(MONTHS)]
    return [MonthFigures(one, sums[one.index, 1], -sums[one.index, 0]) for one in months]


def cash(last: Month) -> list[Decimal]:
    """Cash and bank at the end of the twelve months up to `last`; one query beside those of `pending`."""
    first = last + (1 - MONTHS)
    opening = pending(last)["opening"]
    rows = PeriodBalance.objects.filter(_CASH, period__index__lte=last.index).order_by()
    moved = {row["period__index"]: row["net"] for row in rows.values("period__index").annotate(
        net=Sum(F("debit") - F("credit")))}  # fmt: skip
    return [opening + sum((net for index, net in moved.items() if index <= first.index + step), Decimal(0))
            for step in range(MONTHS)]  # fmt: skip


@remembered
def waiting() -> dict[str, int]:
    """How many vouchers are drafts and how many are reviewed; one query."""
    draft, reviewed = Voucher.State.DRAFT, Voucher.State.REVIEWED
    rows = Voucher.objects.filter(state__in=(draft, reviewed)).order_by().values_list("state")
    return dict(rows.annotate(n=Count("id")))


@remembered
def pending(month: Month) -> dict[str, Any]:
    """In one query: `periods` before `month` that are still open, business `facts` that wait for their voucher or have
    no rule, `vouchers` (0 or 1: is there any), `opening` cash and bank in CNY.
    """
    return _pending(month).ask()


@lru_cache(maxsize=4)
def _pending(month: Month) -> figures.Statement:
    return figures.written(
        counts={
            "periods": Period.objects.filter(index__lt=month.index, state=Period.State.OPEN),
            "facts": open_facts(BusinessFact.objects.all()),
            "vouchers": Voucher.objects.order_by()[:1],
        },
        sums={"opening": (OpeningBalance.objects.filter(_CASH), "balance")},
    )


@remembered
def book() -> Book | None:
    """The company's book, if one was set up."""
    return Book.objects.first()
