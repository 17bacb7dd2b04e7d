"""结转损益 and 年结 (附录 3103, 3104): lines of kind closing from the balances that stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.finance.domain.amounts import ZERO
from apps.finance.domain.errors import BookkeepingError, gettext_noop
from apps.finance.domain.lines import Line, credit_line, debit_line

PROFIT_SUMMARY = "结转本期损益"
YEAR_SUMMARY = "结转本年利润"
DISTRIBUTION_SUMMARY = "结转利润分配"
_CLOSING_PREFIXES = ("5", "3103", "3104")


@dataclass(frozen=True)
class LeafBalance:
    """Balance of one leaf and combo, debit minus credit; direction is the leaf's own."""

    account: str
    direction: str
    balance: Decimal
    combo: int = 0


def profit_transfer(balances: Iterable[LeafBalance], *, profit_account: str = "3103") -> list[list[Line]]:
    """One voucher for credit-direction leaves of 5xxx, one for debit-direction ones; nothing left gives none.

    Every leaf and combo stands on the side against its direction, negative when its balance is abnormal; 3103
    takes the sum on the other side, and no line where the sum is zero.
    """
    open_ones = sorted(
        (row for row in balances if row.account.startswith("5") and row.balance),
        key=lambda row: (row.account, row.combo),
    )
    income = [row for row in open_ones if row.direction == "credit"]
    expense = [row for row in open_ones if row.direction == "debit"]
    vouchers = [_income_voucher(income, profit_account), _expense_voucher(expense, profit_account)]
    return [lines for lines in vouchers if lines]


def _income_voucher(rows: Sequence[LeafBalance], profit_account: str) -> list[Line]:
    lines = [debit_line(row.account, PROFIT_SUMMARY, -row.balance, row.combo) for row in rows]
    total = sum((line.debit for line in lines), ZERO)
    return [*lines, credit_line(profit_account, PROFIT_SUMMARY, total)] if total else lines


def _expense_voucher(rows: Sequence[LeafBalance], profit_account: str) -> list[Line]:
    lines = [credit_line(row.account, PROFIT_SUMMARY, row.balance, row.combo) for row in rows]
    total = sum((line.credit for line in lines), ZERO)
    return [debit_line(profit_account, PROFIT_SUMMARY, total), *lines] if total else lines


def year_profit(balances: Iterable[LeafBalance], *, undistributed: str = "310490") -> list[Line]:
    """年结, one voucher: 3103 to 310490, then every other leaf of 3104 to 310490; empty when all is done.

    A profit debits 3103, a loss credits it; amounts are positive.
    """
    rows = sorted(
        (row for row in balances if row.balance and row.account != undistributed),
        key=lambda row: (row.account, row.combo),
    )
    profit = [row for row in rows if row.account.startswith("3103")]
    distributed = [row for row in rows if row.account.startswith("3104")]
    return [
        *_move_to(undistributed, profit, YEAR_SUMMARY),
        *_move_to(undistributed, distributed, DISTRIBUTION_SUMMARY),
    ]


def _move_to(target: str, rows: Sequence[LeafBalance], summary: str) -> list[Line]:
    lines = [_on_natural_side(row.account, summary, -row.balance, row.combo) for row in rows]
    total = sum((row.balance for row in rows), ZERO)
    return [*lines, _on_natural_side(target, summary, total)] if total else lines


def _on_natural_side(account: str, summary: str, net: Decimal, combo: int = 0) -> Line:
    make = debit_line if net > 0 else credit_line
    return make(account, summary, abs(net), combo)


def check_closing_accounts(accounts: Iterable[str]) -> None:
    """A voucher of kind closing touches 5xxx, 3103 and 3104 only; else `closing_voucher_accounts`."""
    outside = sorted({code for code in accounts if not code.startswith(_CLOSING_PREFIXES)})
    if outside:
        message = gettext_noop("结转凭证只能用损益类、本年利润和利润分配科目，请去掉 %(codes)s。")
        raise BookkeepingError("closing_voucher_accounts", message, codes="、".join(outside))
