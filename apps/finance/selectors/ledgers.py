"""科目余额表, 总账, 明细账, 日记账. The first two read period balances only; the others the lines of one account."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from apps.finance.domain import ledger
from apps.finance.domain.balances import AccountFacts
from apps.finance.domain.ledger import GeneralRow, LedgerLine, LedgerStart, SubledgerRow, TrialBalance
from apps.finance.domain.periods import Period as Month
from apps.finance.domain.periods import Span
from apps.finance.models import Book, Voucher, VoucherLine
from apps.finance.selectors.balances import Scope, load, months_of
from apps.finance.selectors.chart import Chart


def trial_balance(
    book: Book, span: Span, *, level: int | None = None, leaf: bool | None = None, show_zero: bool = False
) -> TrialBalance:
    """科目余额表 of the span, rows by code; see `domain.ledger.trial_balance`."""
    marks = [span.first + -1, span.last.january + -1, span.last]
    balances = load(book, Chart.load(), marks)
    return ledger.trial_balance(balances, span, level=level, leaf=leaf, show_zero=show_zero)


@dataclass(frozen=True)
class GeneralAccount:
    """总账 of one account."""

    account: AccountFacts
    rows: Sequence[GeneralRow]


def general_ledger(book: Book, span: Span, *, account: str | None = None) -> list[GeneralAccount]:
    """总账: one account, or every level-1 account with a balance or movement in the span, by code.

    Raises NotFound for an unknown account.
    """
    chart = Chart.load()
    if account is not None:
        wanted = [chart.get(account)]
    else:
        wanted = [fact for _code, fact in sorted(chart.by_code.items()) if fact.level == 1]
    balances = load(book, chart, months_of(span), Scope(prefix=account or ""))
    found = [GeneralAccount(fact, ledger.general_ledger(balances, fact.code, span)) for fact in wanted]
    return found if account is not None else [one for one in found if _has_moved(one)]


def _has_moved(one: GeneralAccount) -> bool:
    return any(row.debit or row.credit or row.balance for row in one.rows)


@dataclass(frozen=True)
class AccountLedger:
    """明细账 or 日记账 of one account; `balance_side` says how balances are printed."""

    account: AccountFacts
    balance_side: str
    rows: Iterator[SubledgerRow]


def subledger(
    book: Book, span: Span, *, account: str, combos: Collection[int] | None = None, day_totals: bool = False
) -> AccountLedger:
    """明细账 of an account with everything below it, of all lines or of some aux combos; `day_totals`: 日记账.

    Raises NotFound for an unknown account.
    """
    chart = Chart.load()
    fact = chart.get(account)
    balances = load(book, chart, _start_marks(span), Scope(prefix=account, combos=combos))
    start = LedgerStart.of(balances, account, span)
    lines = posted_lines(book, chart, account, span, combos)
    return AccountLedger(fact, book.balance_side, ledger.subledger(start, lines, span, day_totals=day_totals))


def _start_marks(span: Span) -> list[Month]:
    return [span.first.january + -1, span.first + -1]


def posted_lines(
    book: Book, chart: Chart, account: str, span: Span, combos: Collection[int] | None = None
) -> list[LedgerLine]:
    """Posted lines of an account with everything below it, in book order; `key` is the voucher's id."""
    found = _posted_rows(chart, account, span, combos).values_list(
        "date",
        "voucher__word",
        "voucher__no",
        "seq",
        "account_id",
        "summary",
        "debit",
        "credit",
        "quantity",
        "voucher_id",
        "combo_id",
        "voucher__kind",
    )
    lines = (_line(chart, row) for row in found.iterator(chunk_size=5000))
    return ledger.in_book_order(lines, book.voucher_words)


def _line(chart: Chart, row: tuple[Any, ...]) -> LedgerLine:
    on, word, no, seq, account_id, summary, debit, credit, quantity, voucher_id, combo_id, kind = row
    return LedgerLine(
        on, word, no, seq, chart.codes[account_id], summary, debit, credit, quantity, voucher_id, combo_id or 0,
        kind == Voucher.Kind.CLOSING,
    )  # fmt: skip


def _posted_rows(chart: Chart, account: str, span: Span, combos: Collection[int] | None) -> QuerySet[VoucherLine]:
    rows = VoucherLine.objects.filter(
        account_id__in=chart.ids_under(account),
        date__range=(span.first.first_day, span.last.last_day),
        voucher__state=Voucher.State.POSTED,
    )
    if combos is not None:
        rows = rows.filter(combo_id__in=list(combos))
    return rows.order_by("date", "voucher_id", "seq")
