"""Period balances laid out for the arithmetic: two or three set-based queries, whatever the number of lines."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, F, IntegerField, QuerySet, Sum, Value, When

from apps.finance.domain.balances import Balances, Movement, Opening, TaggedCash
from apps.finance.domain.periods import Period as Month
from apps.finance.domain.periods import Span
from apps.finance.models import (
    AuxComboMember,
    Book,
    CashFlowBalance,
    OpeningBalance,
    OpeningCashFlow,
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
    cash = _cash(ends) if scope.cash else []
    partner_of = _partner_of_combos() if scope.partners else {}
    return Balances.build(
        accounts=chart.by_code.values(),
        start=book.start,
        openings=_openings(chart, scope, partner_of),
        movements=_movements(chart, ends, scope, partner_of),
        tagged=[TaggedCash(line, Month.from_index(mark), amount) for line, mark, amount in cash if mark],
        opening_cash_flow={line: amount for line, mark, amount in cash if not mark},
    )


def months_of(span: Span) -> list[Month]:
    """Marks for a ledger that shows every month of the span, its opening and its year to date."""
    return [span.first.january + -1, span.first + -1, *span]


def on_marks(rows: QuerySet[Any], ends: Sequence[Month]) -> QuerySet[Any]:
    """`rows` up to the last of the sorted `ends`; `mark` is the index of the first end that is not before the row."""
    indexes = [end.index for end in ends]
    whens = [When(period__index__lte=index, then=Value(index)) for index in indexes]
    return rows.filter(period__index__lte=indexes[-1]).annotate(mark=Case(*whens, output_field=IntegerField()))


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


def _movements(chart: Chart, ends: Sequence[Month], scope: Scope, partner_of: Mapping[int, str]) -> Iterator[Movement]:
    rows = on_marks(scoped(PeriodBalance.objects.order_by(), chart, scope), ends)
    apart = [pk for code in scope.partners for pk in chart.ids_under(code)]
    # Combos are kept where partners are told apart; everywhere else they would only make more rows.
    combo = Case(When(account_id__in=apart, then="combo_id"), default=0, output_field=BigIntegerField())
    kept = combo if apart else Value(0, output_field=BigIntegerField())
    sums = {"d": Sum("debit"), "c": Sum("credit")}
    if scope.closing:
        sums |= {"cd": Sum("closing_debit"), "cc": Sum("closing_credit")}
    for row in rows.annotate(kept=kept).values("account_id", "mark", "kept").annotate(**sums):
        code, month = chart.codes[row["account_id"]], Month.from_index(row["mark"])
        partner = partner_of.get(row["kept"], "")
        closing_debit, closing_credit = row.get("cd", Decimal(0)), row.get("cc", Decimal(0))
        yield Movement(code, month, row["d"] - closing_debit, row["c"] - closing_credit, partner=partner)
        if closing_debit or closing_credit:
            yield Movement(code, month, closing_debit, closing_credit, closing=True, partner=partner)


def _cash(ends: Sequence[Month]) -> list[tuple[int, int, Decimal]]:
    """(line, mark, amount) of the cash-flow lines; mark 0: what was so in the start year before the book began."""
    moved = on_marks(CashFlowBalance.objects.order_by(), ends).values_list("line", "mark").annotate(sum=Sum("amount"))
    before = OpeningCashFlow.objects.order_by().values_list("line", Value(0), "amount")
    return list(moved.union(before, all=True))


def _partner_of_combos() -> dict[int, str]:
    """{combo: `customer:C001`}; a combo without customer and supplier has no partner."""
    rows = AuxComboMember.objects.filter(dimension__code__in=PARTNERS).order_by("combo_id", "dimension__code")
    found = rows.annotate(of=F("dimension__code"), value_code=F("value__code")).values_list(
        "combo_id", "of", "value_code"
    )
    return {combo: f"{dimension}:{code}" for combo, dimension, code in found}
