"""辅助余额表, 数量金额账, 多栏账, 凭证汇总表, 断号检查."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Min, QuerySet, Sum, Value

from apps.finance.domain import special_ledgers
from apps.finance.domain.amounts import ZERO
from apps.finance.domain.balances import AccountFacts, Turnover
from apps.finance.domain.ledger import EightAmounts, LedgerLine, LedgerStart
from apps.finance.domain.numbers import WordNumbers, check_numbers, word_rank
from apps.finance.domain.periods import Period as Month
from apps.finance.domain.periods import Span
from apps.finance.domain.special_ledgers import MultiColumn, QuantityRow, QuantityStart
from apps.finance.models import Book, OpeningBalance, PeriodBalance, Voucher
from apps.finance.selectors.balances import Scope, load, on_marks, scoped
from apps.finance.selectors.chart import Chart
from apps.finance.selectors.combos import values_by_combo
from apps.finance.selectors.ledgers import posted_lines

NO_VALUE = ("", "")
KeyOf = Callable[[LedgerLine], str]


@dataclass(frozen=True)
class AuxRow:
    """One value of the dimension; `value` "" gathers the lines that name none, so that the rows tie to the account."""

    value: str
    name: str
    amounts: EightAmounts


def aux_balance(book: Book, span: Span, *, dimension: str, account: str, chart: Chart | None = None) -> list[AuxRow]:
    """辅助余额表 of an account with everything below it, by value code; values that never moved are left out.

    Raises NotFound for an unknown dimension or account.
    """
    chart = chart or Chart.load()
    chart.get(account)
    values = values_by_combo(dimension)
    sums = _sums_by_value(book, chart, span, Scope(prefix=account), values)
    rows = [AuxRow(*key, EightAmounts.of(opening, moved, moved)) for key, (opening, moved) in sorted(sums.items())]
    return [row for row in rows if not row.amounts.empty]


def _sums_by_value(
    book: Book, chart: Chart, span: Span, scope: Scope, values: Mapping[int, tuple[str, str]]
) -> dict[tuple[str, str], tuple[Decimal, Turnover]]:
    openings: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    moved: dict[tuple[str, str], Turnover] = defaultdict(Turnover)
    for combo, account_id, balance in scoped(OpeningBalance.objects.order_by("id"), chart, scope).values_list(
        "combo_id", "account_id", "balance"
    ):
        openings[values.get(combo, NO_VALUE)] += balance * chart.by_code[chart.codes[account_id]].sign
    rows = on_marks(scoped(PeriodBalance.objects.order_by(), chart, scope), [span.first + -1, span.last])
    for row in rows.values("combo_id", "mark").annotate(d=Sum("debit"), c=Sum("credit")):
        key = values.get(row["combo_id"], NO_VALUE)
        if row["mark"] == span.last.index:
            moved[key] = Turnover(moved[key].debit + row["d"], moved[key].credit + row["c"])
        else:
            openings[key] += row["d"] - row["c"]
    return {key: (openings[key], moved[key]) for key in openings.keys() | moved.keys()}


@dataclass(frozen=True)
class QuantityLedger:
    """数量金额账 of one account."""

    account: AccountFacts
    rows: Sequence[QuantityRow]


def quantity_ledger(
    book: Book, span: Span, *, account: str, combos: Collection[int] | None = None, chart: Chart | None = None
) -> QuantityLedger:
    """数量金额账: the subledger with quantities. Raises NotFound for an unknown account."""
    chart = chart or Chart.load()
    fact = chart.get(account)
    scope = Scope(prefix=account, combos=combos)
    marks = [span.first.january + -1, span.first + -1]
    start = LedgerStart.of(load(book, chart, marks, scope), account, span)
    quantities = _quantity_start(chart, scope, marks)
    lines = posted_lines(book, chart, account, span, combos)
    return QuantityLedger(fact, special_ledgers.quantity_ledger(start, quantities, lines, span))


def _quantity_start(chart: Chart, scope: Scope, marks: list[Month]) -> QuantityStart:
    opening = year_in = year_out = Decimal("0.0000")
    before = scoped(OpeningBalance.objects.order_by(), chart, scope).values_list(Value(0), "account_id")
    moved = on_marks(scoped(PeriodBalance.objects.order_by(), chart, scope), sorted(set(marks)))
    rows = moved.values_list("mark", "account_id").annotate(into=Sum("qty_in"), out=Sum("qty_out"))
    owned = before.annotate(into=Sum("quantity"), out=Value(Decimal(0)))
    for mark, account_id, into, out in rows.union(owned, all=True):
        # An opening quantity stands in the account's own direction.
        opening += (into - out) * (1 if mark else chart.by_code[chart.codes[account_id]].sign)
        if mark > marks[0].index:
            year_in, year_out = year_in + into, year_out + out
    return QuantityStart(opening, year_in, year_out)


@dataclass(frozen=True)
class MultiColumnLedger:
    """多栏账 with its columns (key, name) in order."""

    account: AccountFacts
    balance_side: str
    columns: Sequence[tuple[str, str]]
    ledger: MultiColumn


def multi_column(
    book: Book,
    span: Span,
    *,
    account: str,
    by: str | None = None,
    exclude_closing: bool = False,
    chart: Chart | None = None,
) -> MultiColumnLedger:
    """多栏账 by direct child, or by value of a dimension; `exclude_closing` leaves out vouchers of kind closing.

    The balance of each row is of all lines shown. Raises NotFound for an unknown account or dimension.
    """
    chart = chart or Chart.load()
    fact = chart.get(account)
    start = LedgerStart.of(
        load(book, chart, [span.first.january + -1, span.first + -1], Scope(prefix=account)), account, span
    )
    lines = posted_lines(book, chart, account, span)
    if exclude_closing:
        lines = [line for line in lines if not line.closing]
    if by is None:
        columns, key_of = _child_columns(chart, fact, lines)
    else:
        columns, key_of = _value_columns(by, lines)
    made = special_ledgers.multi_column(fact, start, lines, span, keys=[key for key, _name in columns], key_of=key_of)
    return MultiColumnLedger(fact, book.balance_side, columns, made)


def _child_columns(
    chart: Chart, fact: AccountFacts, lines: Sequence[LedgerLine]
) -> tuple[list[tuple[str, str]], KeyOf]:
    """Every direct child, moved or not; the account itself where it has no children or history from before it had."""
    children = chart.children(fact.code)

    def key_of(line: LedgerLine) -> str:
        return chart.at_level(line.account, fact.level + 1)

    columns = [(child.code, child.name) for child in children]
    if not children or any(line.account == fact.code for line in lines):
        columns.insert(0, (fact.code, fact.name))
    return columns, key_of


def _value_columns(by: str, lines: Sequence[LedgerLine]) -> tuple[list[tuple[str, str]], KeyOf]:
    values = values_by_combo(by)

    def value_of(line: LedgerLine) -> tuple[str, str]:
        return values.get(line.combo, NO_VALUE)

    return sorted({value_of(line) for line in lines}), lambda line: value_of(line)[0]


@dataclass(frozen=True)
class VoucherSummary:
    """凭证汇总表: how many vouchers and attachments, turnover by account, first and last number of each word."""

    vouchers: int
    attachments: int
    rows: Sequence[tuple[AccountFacts, Turnover]]
    numbers: Sequence[WordNumbers]

    @property
    def totals(self) -> Turnover:
        """Both sides added up."""
        return Turnover(
            sum((moved.debit for _fact, moved in self.rows), ZERO),
            sum((moved.credit for _fact, moved in self.rows), ZERO),
        )


def voucher_summary(book: Book, span: Span, *, level: int = 1) -> VoucherSummary:
    """凭证汇总表 (科目汇总) of the posted vouchers of the span, accounts gathered on `level`."""
    chart = Chart.load()
    sums: dict[str, Turnover] = {}
    within = PeriodBalance.objects.filter(period__index__range=(span.first.index, span.last.index))
    for row in within.order_by().values("account_id").annotate(d=Sum("debit"), c=Sum("credit")):
        code = chart.at_level(chart.codes[row["account_id"]], level)
        known = sums.get(code, Turnover())
        sums[code] = Turnover(known.debit + row["d"], known.credit + row["c"])
    posted = _posted(span)
    head = posted.aggregate(count=Count("id"), attachments=Sum("attachment_count"))
    return VoucherSummary(
        vouchers=head["count"],
        attachments=head["attachments"] or 0,
        rows=[(chart.by_code[code], moved) for code, moved in sorted(sums.items())],
        numbers=_first_and_last(book, posted),
    )


def _posted(span: Span) -> QuerySet[Voucher]:
    return Voucher.objects.filter(
        state=Voucher.State.POSTED, date__range=(span.first.first_day, span.last.last_day)
    ).order_by()


def _first_and_last(book: Book, posted: QuerySet[Voucher]) -> list[WordNumbers]:
    rows = posted.values("word").annotate(first=Min("no"), last=Max("no"), count=Count("id"))
    found = [WordNumbers(row["word"], row["first"], row["last"], row["count"], ()) for row in rows]
    return sorted(found, key=lambda one: word_rank(book.voucher_words, one.word))


def number_check(book: Book, month: Month) -> list[WordNumbers]:
    """断号检查 of every word of the book and every other word that was used, in book order."""
    numbers: dict[str, list[int]] = {word: [] for word in book.voucher_words}
    rows = _posted(Span(month, month)).order_by("word", "no").values_list("word", "no")
    for word, no in rows:
        numbers.setdefault(word, []).append(no or 0)
    return [
        check_numbers(word, numbers[word]) for word in sorted(numbers, key=lambda w: word_rank(book.voucher_words, w))
    ]
