"""结账检查: what is left to do in a month, counted from the books."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from apps.finance.domain.checklist import Checklist, evaluate, profit_transfer_count, year_profit_count
from apps.finance.domain.fx import ForeignBalance
from apps.finance.domain.periods import Period as Month
from apps.finance.models import Book, Period, TaxpayerKind
from apps.finance.services.checklist_counts import Counts, count_month
from apps.finance.services.ledger import StandingBalance, leaf_balances, standing_balances
from apps.finance.services.locks import started_book
from apps.finance.services.refusals import bookkeeping, period_missing
from apps.finance.services.stock_ties import stock_ties


def checklist(*, period: str) -> Checklist:
    """The items of a month, in order (finance.md section 7). Raises `invalid`, `book_not_started`, `period_missing`."""
    book = started_book()
    with bookkeeping("period"):
        month = Month.parse(period)
    found = Period.objects.filter(index=month.index).first()
    if found is None:
        raise period_missing(str(month))
    return build_checklist(book, found, count_for(book, found))


def count_for(book: Book, period: Period) -> Counts:
    """What `build_checklist` judges by."""
    return count_month(period, vat_paid=_vat_code(book, "22210103"))


def build_checklist(book: Book, period: Period, counts: Counts) -> Checklist:
    """Judge the counts. Items of things this book does not keep (assets, fapiao, bank, facts) are not needed."""
    month = period.as_month
    rows = standing_balances("", at=month.index)
    profit_accounts = [row for row in leaf_balances(rows) if row.account.startswith("5") and row.balance]
    profit = sum((row.net for row in rows if row.account.startswith("3103")), Decimal(0))
    december = month.is_december
    return evaluate(
        {
            "earlier_periods_closed": counts.earlier_open,
            "no_unposted_vouchers": counts.unposted,
            "numbers_without_gap": counts.gaps,
            "trial_balance_balanced": _imbalances(counts, rows),
            "depreciation_done": None,
            "fx_revalued": _not_revalued(counts.rates, rows),
            "profit_transferred": profit_transfer_count(
                len(profit_accounts), monthly=book.monthly_profit_transfer, december=december
            ),
            "year_profit_transferred": year_profit_count(1 if profit else 0, december=december),
            "overhead_cleared": sum(1 for row in leaf_balances(rows) if row.account.startswith("4101") and row.balance),
            "cost_of_sales_done": _sales_without_cost(counts),
            "vat_transferred": _vat_left(book, counts, rows),
            "facts_waiting": counts.facts_waiting if counts.facts_told else None,
            "fapiao_unbooked": None,
            "bank_reconciled": None,
            "cash_never_negative": _negative_cash(counts, rows),
            "cash_flow_untagged": counts.guessed_tags,
            "assets_tie_to_ledger": None,
            "items_tie_to_ledger": None,
            "stock_ties_to_ledger": _stock_untied(month, counts, rows),
        }
    )


def _imbalances(counts: Counts, rows: list[StandingBalance]) -> int:
    """1 when the balances do not tie with each other, 1 when the month's movements are not its posted lines."""
    untied = bool(sum(row.net for row in rows)) or counts.sides_differ
    return int(untied) + int(counts.lines_differ)


def _not_revalued(rates: Mapping[str, str], rows: list[StandingBalance]) -> int | None:
    foreign = [row for row in rows if row.revalue and row.currency and row.fc_net]
    if not foreign:
        return None
    return sum(1 for row in foreign if _differs(row, rates.get(row.currency)))


def _differs(row: StandingBalance, rate: str | None) -> bool:
    if rate is None:
        return True
    return bool(ForeignBalance(row.account, row.currency, row.fc_net, row.net, Decimal(rate), row.combo).difference)


def _sales_without_cost(counts: Counts) -> int | None:
    if not counts.sold:
        return None
    return 0 if counts.costed else counts.sold


def _vat_code(book: Book, code: str) -> str:
    """A shipped VAT code in the book's lengths; where the book is not as deep, one that no account has."""
    return book.code_rule.widen(code) if len(book.code_rule.lengths) > 2 else "-"


def _vat_left(book: Book, counts: Counts, rows: list[StandingBalance]) -> int | None:
    if counts.taxpayer_kind != TaxpayerKind.Kind.GENERAL:
        return None
    payable = book.code_rule.widen("222101")
    credit = -sum((row.net for row in rows if row.account.startswith(payable)), Decimal(0))
    return int(credit > 0 or (credit < 0 and counts.vat_paid > 0))


def _negative_cash(counts: Counts, rows: list[StandingBalance]) -> int:
    """Cash and bank accounts that end any day of the month below zero; `rows` stand at its end."""
    days = [(code, Decimal(moved)) for code, moved in counts.cash_days]
    balances: dict[str, Decimal] = defaultdict(lambda: Decimal(0))
    for row in rows:
        if row.is_cash:
            balances[row.account] += row.net
    for code, moved in days:
        balances[code] -= moved
    below = {code for code, net in balances.items() if net < 0}
    for code, moved in days:
        balances[code] += moved
        if balances[code] < 0:
            below.add(code)
    return len(below)


def _stock_untied(month: Month, counts: Counts, rows: list[StandingBalance]) -> int | None:
    """Stock accounts whose balance is not the value of what lies in stock; not needed without inventory."""
    ties = stock_ties(month, rows, chosen=counts.stock_accounts)
    return None if ties is None else sum(1 for tie in ties if tie.difference)
