"""结账检查: what is left to do in a month, counted from the books."""

from collections import defaultdict
from decimal import Decimal

from django.db import connection
from django.db.models import Count, F, Q, Sum

from apps.finance.domain.checklist import Checklist, evaluate, profit_transfer_count, year_profit_count
from apps.finance.domain.fx import ForeignBalance
from apps.finance.domain.periods import Period as Month
from apps.finance.models import (
    Book,
    BusinessFact,
    CashFlowTag,
    ExchangeRate,
    LedgerAccount,
    Period,
    PeriodBalance,
    TaxpayerKind,
    Voucher,
    VoucherLine,
)
from apps.finance.services.ledger import StandingBalance, account_balance, leaf_balances, standing_balances
from apps.finance.services.locks import started_book
from apps.finance.services.refusals import bookkeeping, period_missing
from apps.finance.services.stock_ties import stock_ties

_GAPS = """
SELECT count(*) FROM (
    SELECT 1 FROM finance_voucher v LEFT JOIN finance_numbercounter c ON c.period_id = v.period_id AND c.word = v.word
     WHERE v.period_id = %s AND v.state = 'posted'
     GROUP BY v.word, c.last_no
    HAVING count(*) <> max(v.no) OR min(v.no) <> 1 OR max(v.no) IS DISTINCT FROM c.last_no) broken
"""


def checklist(*, period: str) -> Checklist:
    """The items of a month, in order (finance.md section 7). Raises `invalid`, `book_not_started`, `period_missing`."""
    book = started_book()
    with bookkeeping("period"):
        month = Month.parse(period)
    found = Period.objects.filter(index=month.index).first()
    if found is None:
        raise period_missing(str(month))
    return build_checklist(book, found)


def build_checklist(book: Book, period: Period) -> Checklist:
    """Judge the counts. Items of things this book does not keep (assets, fapiao, bank, facts) are not needed."""
    month = period.as_month
    rows = standing_balances("", at=month.index)
    profit_accounts = [row for row in leaf_balances(rows) if row.account.startswith("5") and row.balance]
    profit = sum((row.net for row in rows if row.account.startswith("3103")), Decimal(0))
    december = month.is_december
    return evaluate(
        {
            "earlier_periods_closed": Period.objects.filter(index__lt=month.index, state=Period.State.OPEN).count(),
            "no_unposted_vouchers": Voucher.objects.filter(period=period).exclude(state=Voucher.State.POSTED).count(),
            "numbers_without_gap": _gaps(period),
            "trial_balance_balanced": _imbalances(period, rows),
            "depreciation_done": None,
            "fx_revalued": _not_revalued(month, rows),
            "profit_transferred": profit_transfer_count(
                len(profit_accounts), monthly=book.monthly_profit_transfer, december=december
            ),
            "year_profit_transferred": year_profit_count(1 if profit else 0, december=december),
            "overhead_cleared": sum(1 for row in leaf_balances(rows) if row.account.startswith("4101") and row.balance),
            "cost_of_sales_done": _sales_without_cost(period),
            "vat_transferred": _vat_left(book, period),
            "facts_waiting": _facts_waiting(month),
            "fapiao_unbooked": None,
            "bank_reconciled": None,
            "cash_never_negative": _negative_cash(period),
            "cash_flow_untagged": _guessed_tags(period),
            "assets_tie_to_ledger": None,
            "items_tie_to_ledger": None,
            "stock_ties_to_ledger": _stock_untied(month, rows),
        }
    )


def _gaps(period: Period) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_GAPS, [period.pk])
        return int(cursor.fetchone()[0])


def _imbalances(period: Period, rows: list[StandingBalance]) -> int:
    """1 when the balances do not tie with each other, 1 when the month's movements are not its posted lines."""
    moved = PeriodBalance.objects.filter(period=period).aggregate(debit=Sum("debit"), credit=Sum("credit"))
    posted = VoucherLine.objects.filter(voucher__period=period, voucher__state=Voucher.State.POSTED)
    lines = posted.aggregate(debit=Sum("debit"), credit=Sum("credit"))
    untied = bool(sum(row.net for row in rows)) or moved["debit"] != moved["credit"]
    return int(untied) + int(moved != lines)


def _not_revalued(month: Month, rows: list[StandingBalance]) -> int | None:
    revalued = set(LedgerAccount.objects.filter(revalue=True).values_list("code", flat=True))
    foreign = [row for row in rows if row.account in revalued and row.currency and row.fc_net]
    if not foreign:
        return None
    rates = dict(ExchangeRate.objects.filter(on=month.last_day).values_list("currency", "rate"))
    return sum(1 for row in foreign if _differs(row, rates.get(row.currency)))


def _differs(row: StandingBalance, rate: Decimal | None) -> bool:
    if rate is None:
        return True
    return bool(ForeignBalance(row.account, row.currency, row.fc_net, row.net, rate, row.combo).difference)


def _sales_without_cost(period: Period) -> int | None:
    sold = PeriodBalance.objects.filter(period=period, account__code__startswith="5001").exclude(qty_in=0, qty_out=0)
    count = sold.values("combo").distinct().count()
    if not count:
        return None
    costed = PeriodBalance.objects.filter(period=period, account__code__startswith="5401", n__gt=0).exists()
    return 0 if costed else count


def _vat_left(book: Book, period: Period) -> int | None:
    month = period.as_month
    kind = TaxpayerKind.objects.filter(from_date__lte=month.first_day).order_by("-from_date").first()
    if kind is None or kind.kind != TaxpayerKind.Kind.GENERAL:
        return None
    rule = book.code_rule
    credit = -account_balance(rule.widen("222101"), at=month.index)
    paid = PeriodBalance.objects.filter(period=period, account__code__startswith=rule.widen("22210103"))
    paid_debit = paid.aggregate(total=Sum("debit"))["total"] or 0
    return int(credit > 0 or (credit < 0 and paid_debit > 0))


def _negative_cash(period: Period) -> int:
    """Cash and bank accounts that end any day of the month below zero."""
    month = period.as_month
    cash = LedgerAccount.objects.filter(cash_kind__in=["cash", "bank"], is_leaf=True).values_list("code", flat=True)
    balances: dict[str, Decimal] = defaultdict(lambda: Decimal(0))
    codes = set(cash)
    for row in standing_balances("1", at=month.index - 1):
        if row.account in codes:
            balances[row.account] += row.net
    days = (
        VoucherLine.objects.filter(
            account__cash_kind__in=["cash", "bank"], voucher__period=period, voucher__state=Voucher.State.POSTED
        )
        .values("account__code", "date")
        .annotate(moved=Sum(F("debit") - F("credit")))
        .order_by("account__code", "date")
    )
    below = {code for code, net in balances.items() if net < 0}
    for day in days:
        balances[day["account__code"]] += day["moved"]
        if balances[day["account__code"]] < 0:
            below.add(day["account__code"])
    return len(below)


def _stock_untied(month: Month, rows: list[StandingBalance]) -> int | None:
    """Stock accounts whose balance is not the value of what lies in stock; not needed without inventory."""
    ties = stock_ties(month, rows)
    return None if ties is None else sum(1 for tie in ties if tie.difference)


def _facts_waiting(month: Month) -> int | None:
    """Facts of the month without their voucher; not needed in a month that nobody told anything of."""
    told = BusinessFact.objects.filter(occurred_on__range=(month.first_day, month.last_day))
    counts = told.aggregate(all=Count("id"), waiting=Count("id", filter=Q(state=BusinessFact.State.WAITING)))
    return counts["waiting"] if counts["all"] else None


def _guessed_tags(period: Period) -> int:
    in_period = Q(voucher_line__voucher__period=period, voucher_line__voucher__state=Voucher.State.POSTED)
    return CashFlowTag.objects.filter(in_period, guessed=True).count()
