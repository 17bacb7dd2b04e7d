"""Ledgers: trial balance, general ledger, subledger and journal rows, from balances and ordered lines."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from itertools import groupby

from apps.finance.domain.amounts import ZERO
from apps.finance.domain.balances import AccountFacts, Balances, Turnover
from apps.finance.domain.periods import Period, Span, month_span, year_to_date

DEBIT_SIDE, CREDIT_SIDE, FLAT = "借", "贷", "平"


@dataclass(frozen=True)
class EightAmounts:
    """Opening, turnover of the span, turnover of the year so far and closing, each in debit and credit."""

    opening_debit: Decimal = ZERO
    opening_credit: Decimal = ZERO
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    ytd_debit: Decimal = ZERO
    ytd_credit: Decimal = ZERO
    closing_debit: Decimal = ZERO
    closing_credit: Decimal = ZERO

    @classmethod
    def of(cls, opening: Decimal, moved: Turnover, ytd: Turnover) -> "EightAmounts":
        """A net opening goes to the side of its sign, and so does the closing."""
        closing = opening + moved.net
        return cls(
            max(opening, ZERO),
            max(-opening, ZERO),
            moved.debit,
            moved.credit,
            ytd.debit,
            ytd.credit,
            max(closing, ZERO),
            max(-closing, ZERO),
        )

    def __add__(self, other: "EightAmounts") -> "EightAmounts":
        names = [item.name for item in fields(EightAmounts)]
        return EightAmounts(*(getattr(self, name) + getattr(other, name) for name in names))

    @property
    def empty(self) -> bool:
        """All eight are zero."""
        return self == EightAmounts()


@dataclass(frozen=True)
class TrialRow:
    """One account of 科目余额表."""

    account: AccountFacts
    amounts: EightAmounts


@dataclass(frozen=True)
class TrialBalance:
    """科目余额表: rows by code; totals are those of all level-1 accounts, whatever rows are shown."""

    rows: tuple[TrialRow, ...]
    totals: EightAmounts

    @property
    def balanced(self) -> bool:
        """The totals agree in pairs."""
        total = self.totals
        return (
            total.opening_debit == total.opening_credit
            and total.debit == total.credit
            and total.ytd_debit == total.ytd_credit
            and total.closing_debit == total.closing_credit
        )


def trial_balance(
    balances: Balances,
    span: Span,
    *,
    level: int | None = None,
    leaf: bool | None = None,
    show_zero: bool = False,
) -> TrialBalance:
    """Every account net of its children on the side of its sign; ytd is January to the last month, opening
    included.

    `level` and `leaf` filter rows; rows of eight zeros are left out unless `show_zero`.
    """
    rows, totals = [], EightAmounts()
    for _, account in sorted(balances.accounts.items()):
        amounts = account_amounts(balances, account.code, span)
        if account.level == 1:
            totals += amounts
        wanted = (level is None or account.level == level) and (leaf is None or account.is_leaf == leaf)
        if wanted and (show_zero or not amounts.empty):
            rows.append(TrialRow(account, amounts))
    return TrialBalance(tuple(rows), totals)


def account_amounts(balances: Balances, code: str, span: Span) -> EightAmounts:
    """The eight amounts of one account with everything below it."""
    return EightAmounts.of(
        balances.opening(code, span),
        balances.turnover(code, span),
        balances.turnover(code, year_to_date(span.last)),
    )


@dataclass(frozen=True)
class SidedBalance:
    """A balance as printed: 借, 贷 or 平 and the amount beside it."""

    direction: str
    amount: Decimal


def sided(balance: Decimal, *, account_direction: str, balance_side: str = "actual") -> SidedBalance:
    """Print side of a debit-minus-credit balance.

    actual (令98 art. 60(5)3, (7)): 借 or 贷 by sign, 平 when zero, amount never negative. account: the
    account's own side and a signed amount; zero is still 平.
    """
    if balance == 0:
        return SidedBalance(FLAT, ZERO)
    if balance_side == "actual":
        return SidedBalance(DEBIT_SIDE if balance > 0 else CREDIT_SIDE, abs(balance))
    if account_direction == "debit":
        return SidedBalance(DEBIT_SIDE, balance)
    return SidedBalance(CREDIT_SIDE, -balance)


@dataclass(frozen=True)
class GeneralRow:
    """总账 row: kind opening, period_total or ytd_total; `balance` is debit minus credit."""

    kind: str
    period: Period
    debit: Decimal
    credit: Decimal
    balance: Decimal


def general_ledger(balances: Balances, code: str, span: Span) -> list[GeneralRow]:
    """Opening, then 本期合计 and 本年累计 of every period, moved or not."""
    opening = balances.opening(code, span)
    rows = [GeneralRow("opening", span.first, ZERO, ZERO, opening)]
    for period in span:
        rows += _period_totals(balances, code, period)
    return rows


def _period_totals(balances: Balances, code: str, period: Period) -> list[GeneralRow]:
    closing = balances.balance(code, period)
    moved = balances.turnover(code, month_span(period))
    ytd = balances.turnover(code, year_to_date(period))
    return [
        GeneralRow("period_total", period, moved.debit, moved.credit, closing),
        GeneralRow("ytd_total", period, ytd.debit, ytd.credit, closing),
    ]


@dataclass(frozen=True)
class LedgerLine:
    """A posted voucher line as a ledger page shows it. `key` is the caller's own handle (voucher id), `combo` that
    of its aux values; `closing`: of a voucher of kind closing.
    """

    on: date
    word: str
    no: int
    seq: int
    account: str
    summary: str
    debit: Decimal
    credit: Decimal
    quantity: Decimal | None = None
    key: int = 0
    combo: int = 0
    closing: bool = False


def in_book_order(lines: Iterable[LedgerLine], words: Sequence[str]) -> list[LedgerLine]:
    """Ledger order: date, word as the book lists them (others after, by name), number, line."""
    rank = {word: position for position, word in enumerate(words)}
    return sorted(lines, key=lambda line: (line.on, rank.get(line.word, len(rank)), line.word, line.no, line.seq))


@dataclass(frozen=True)
class SubledgerRow:
    """明细账 row: kind opening, line, day_total, period_total or ytd_total; `balance` is debit minus
    credit.
    """

    kind: str
    on: date
    debit: Decimal
    credit: Decimal
    balance: Decimal
    line: LedgerLine | None = None


@dataclass(frozen=True)
class LedgerStart:
    """Where a subledger begins: balance before the first day and turnover of that year before it."""

    opening: Decimal = ZERO
    ytd: Turnover = Turnover()

    @classmethod
    def of(cls, balances: Balances, code: str, span: Span) -> "LedgerStart":
        """Read from the balances; a January start has no earlier turnover."""
        first = span.first
        earlier = Turnover()
        if first.month > 1:
            earlier = balances.turnover(code, Span(first.january, first + -1))
        return cls(balances.opening(code, span), earlier)


def subledger(
    start: LedgerStart, lines: Iterable[LedgerLine], span: Span, *, day_totals: bool = False
) -> Iterator[SubledgerRow]:
    """明细账 of one account with its children, row by row; with `day_totals` the 日记账 of 令98 art. 60(7).

    `lines` come in book order and lie in the span. The opening is dated the first day; 本期合计 and
    本年累计 stand on the last day of every period, moved or not; 本年累计 begins anew each January.
    """
    balance, ytd = start.opening, start.ytd
    yield SubledgerRow("opening", span.first.first_day, ZERO, ZERO, balance)
    by_period = _by_period(lines)
    for period in span:
        if period.month == 1:
            ytd = Turnover()
        own = by_period.get(period, [])
        yield from _lines_and_days(own, balance, day_totals)
        moved = turnover_of(own)
        balance += moved.net
        ytd = Turnover(ytd.debit + moved.debit, ytd.credit + moved.credit)
        yield SubledgerRow("period_total", period.last_day, moved.debit, moved.credit, balance)
        yield SubledgerRow("ytd_total", period.last_day, ytd.debit, ytd.credit, balance)


def _by_period(lines: Iterable[LedgerLine]) -> dict[Period, list[LedgerLine]]:
    return {period: list(own) for period, own in groupby(lines, key=lambda line: Period.of(line.on))}


def _lines_and_days(lines: list[LedgerLine], balance: Decimal, day_totals: bool) -> Iterator[SubledgerRow]:
    for on, own in groupby(lines, key=lambda line: line.on):
        of_day = list(own)
        for line in of_day:
            balance += line.debit - line.credit
            yield SubledgerRow("line", on, line.debit, line.credit, balance, line)
        if day_totals:
            moved = turnover_of(of_day)
            yield SubledgerRow("day_total", on, moved.debit, moved.credit, balance)


def turnover_of(lines: Iterable[LedgerLine]) -> Turnover:
    """Σ debit and Σ credit."""
    debit = credit = ZERO
    for line in lines:
        debit += line.debit
        credit += line.credit
    return Turnover(debit, credit)
