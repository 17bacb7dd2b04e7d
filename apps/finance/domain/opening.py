"""Opening balances: the totals that must agree before a book may start, and the open items behind a
balance.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from apps.finance.domain.amounts import ZERO
from apps.finance.domain.balances import Opening
from apps.finance.domain.errors import BookkeepingError, gettext_noop


@dataclass(frozen=True)
class OpeningTotals:
    """Totals row by row, each row on the side of its sign: at the start, and on 1 January (without the
    ytd).
    """

    debit_total: Decimal = ZERO
    credit_total: Decimal = ZERO
    year_begin_debit: Decimal = ZERO
    year_begin_credit: Decimal = ZERO

    @property
    def difference(self) -> Decimal:
        """Debit minus credit at the start."""
        return self.debit_total - self.credit_total

    @property
    def balanced(self) -> bool:
        """Both the start and the beginning of the year agree to the fen."""
        return self.difference == 0 and self.year_begin_debit == self.year_begin_credit


def opening_totals(rows: Iterable[Opening]) -> OpeningTotals:
    """Add up both pairs of columns."""
    debit = credit = year_debit = year_credit = ZERO
    for row in rows:
        debit += max(row.balance, ZERO)
        credit += max(-row.balance, ZERO)
        year_debit += max(row.year_begin, ZERO)
        year_credit += max(-row.year_begin, ZERO)
    return OpeningTotals(debit, credit, year_debit, year_credit)


def check_balanced(totals: OpeningTotals) -> None:
    """Refuse the start of an unbalanced book with `opening_unbalanced`; the sentence gives both
    differences.
    """
    if totals.balanced:
        return
    message = gettext_noop("期初不平衡：期初余额借贷差 %(start)s，年初余额借贷差 %(year)s，请核对后再启用。")
    year_difference = totals.year_begin_debit - totals.year_begin_credit
    raise BookkeepingError("opening_unbalanced", message, start=totals.difference, year=year_difference)


def check_items(account: str, balance: Decimal, items: Iterable[Decimal]) -> None:
    """Items, where there are any, add up to the balance (all in the account's own direction).

    Raises BookkeepingError `opening_items_differ`.
    """
    amounts = list(items)
    total = sum(amounts, ZERO)
    if amounts and total != balance:
        message = gettext_noop("科目 %(account)s 的往来明细合计 %(items)s，与期初余额 %(balance)s 不符。")
        raise BookkeepingError("opening_items_differ", message, account=account, items=total, balance=balance)
