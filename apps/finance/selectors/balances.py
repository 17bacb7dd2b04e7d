"""Period balances laid out for the arithmetic: two or three set-based queries, whatever the number of lines."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, IntegerField, QuerySet, Sum, Value, When

from apps.finance.domain.balances import Balances, Movement, Opening, TaggedCash
from apps.finance.domain.periods import Period as Month
from apps.finance.domain.periods import Span
from apps.finance.models import (
    AuxComboMember,
    Book,
    CashFlowBalance,
    OpeningBalance,
    OpeningCashFlow,
    Period,
    PeriodBalance,
)
from apps.finance.selectors.chart import Chart

PARTNERS = ("customer", "supplier")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which rows are read.

    `prefix`: the account and everything below it. `combos`: lines with one of these aux combos, None = all lines.
    `closing`: keep vouchers of kind closing apart (statements). `partners`: codes whose balances are kept by customer
    or supplier. `cash`: read the cash-flow tags too.
    """

    prefix: str = ""
    combos: Collection[int] | None = None
    closing: bool = False
    partners: tuple[str, ...] = ()
    cash: bool = False


WHOLE = Scope()


def load(book: Book, chart: Chart, marks: Iterable[Month], scope: Scope = WHOLE) -> Balances:
    """Balances that are exact at the end of each month of `marks`; nothing after the last mark is read.

    Turnovers between two marks are added up by the database and stand on the later one, so the work depends on the
    accounts and the marks, not on the months or the lines.
    """
    ends = sorted(set(marks))
    months = marked_periods(ends)
    partner_of = _partner_of_combos() if scope.partners else {}
    return Balances.build(
        accounts=chart.by_code.values(),
        start=book.start,
        openings=_openings(chart, scope, partner_of),
        movements=_movements(chart, months, scope, partner_of),
        tagged=_tagged(months) if scope.cash else (),
        opening_cash_flow=dict(OpeningCashFlow.objects.values_list("line", "amount")) if scope.cash else {},
    )


def months_of(span: Span) -> list[Month]:
    """Marks for a ledger that shows every month of the span, its opening and its year to date."""
    return [span.first.january + -1, span.first + -1, *span]


def marked_periods(ends: list[Month]) -> dict[int, list[int]]:
    """{index of a mark: ids of the periods that end on it or between it and the mark before}."""
    indexes = [end.index for end in ends]
    found: dict[int, list[int]] = {}
    for pk, index in Period.objects.filter(index__lte=indexes[-1]).order_by("index").values_list("id", "index"):
        found.setdefault(indexes[bisect_left(indexes, index)], []).append(pk)
    return found


def on_marks(rows: QuerySet[Any], months: Mapping[int, list[int]]) -> QuerySet[Any]:
    """`rows` of the marked periods with the index of their mark as `mark`."""
    whens = [When(period_id__in=ids, then=Value(index)) for index, ids in months.items()]
    if not whens:
        return rows.none().annotate(mark=Value(0))
    every = [pk for ids in months.values() for pk in ids]
    return rows.filter(period_id__in=every).annotate(mark=Case(*whens, output_field=IntegerField()))


def scoped(rows: QuerySet[Any], chart: Chart, scope: Scope) -> QuerySet[Any]:
    """`rows` of the accounts and combos of the scope."""
    if scope.prefix:
        rows = rows.filter(account_id__in=chart.ids_under(scope.prefix))
    if scope.combos is not None:
        rows = rows.filter(combo_id__in=list(scope.combos))
    return rows


def _openings(chart: Chart, scope: Scope, partner_of: Mapping[int, str]) -> Iterator[Opening]:
    rows = scoped(OpeningBalance.objects.order_by("id"), chart, scope).values_list(
        "account_id", "combo_id", "balance", "ytd_debit", "ytd_credit", "ytd_actual"
    )
    for account_id, combo_id, balance, debit, credit, actual in rows:
        yield Opening.in_own_direction(
            chart.by_code[chart.codes[account_id]], balance=balance, ytd_debit=debit, ytd_credit=credit,
            ytd_actual=actual, partner=partner_of.get(combo_id, ""),
        )  # fmt: skip


def _movements(
    chart: Chart, months: Mapping[int, list[int]], scope: Scope, partner_of: Mapping[int, str]
) -> Iterator[Movement]:
    rows = on_marks(scoped(PeriodBalance.objects.order_by(), chart, scope), months)
    if not scope.partners:
        yield from _moved(chart, rows, scope, {})
        return
    apart = [pk for code in scope.partners for pk in chart.ids_under(code)]
    yield from _moved(chart, rows.exclude(account_id__in=apart), scope, {})
    yield from _moved(chart, rows.filter(account_id__in=apart), scope, partner_of)


def _moved(chart: Chart, rows: QuerySet[Any], scope: Scope, partner_of: Mapping[int, str]) -> Iterator[Movement]:
    keys = ["account_id", "mark"] + (["combo_id"] if partner_of else [])
    sums = {"d": Sum("debit"), "c": Sum("credit")}
    if scope.closing:
        sums |= {"cd": Sum("closing_debit"), "cc": Sum("closing_credit")}
    for row in rows.values(*keys).annotate(**sums):
        code, month = chart.codes[row["account_id"]], Month.from_index(row["mark"])
        partner = partner_of.get(row.get("combo_id", 0), "")
        closing_debit, closing_credit = row.get("cd", Decimal(0)), row.get("cc", Decimal(0))
        yield Movement(code, month, row["d"] - closing_debit, row["c"] - closing_credit, partner=partner)
        if closing_debit or closing_credit:
            yield Movement(code, month, closing_debit, closing_credit, closing=True, partner=partner)


def _tagged(months: Mapping[int, list[int]]) -> Iterator[TaggedCash]:
    rows = on_marks(CashFlowBalance.objects.order_by(), months).values("line", "mark").annotate(sum=Sum("amount"))
    for row in rows:
        yield TaggedCash(row["line"], Month.from_index(row["mark"]), row["sum"])


def _partner_of_combos() -> dict[int, str]:
    """{combo: `customer:C001`}; a combo without customer and supplier has no partner."""
    rows = AuxComboMember.objects.filter(dimension__code__in=PARTNERS).order_by("combo_id", "dimension__code")
    found = rows.annotate(of=F("dimension__code"), value_code=F("value__code")).values_list(
        "combo_id", "of", "value_code"
    )
    return {combo: f"{dimension}:{code}" for combo, dimension, code in found}
