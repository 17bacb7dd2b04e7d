"""存货与账面一致: the balance of each stock account beside the value of what lies in stock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from apps.finance import links
from apps.finance.domain.amounts import ZERO
from apps.finance.domain.periods import Period as Month
from apps.finance.services.ledger import StandingBalance
from apps.finance.services.stock_facts import STOCK_ACCOUNTS, stock_account


@dataclass(frozen=True)
class Tie:
    """One account at the end of a month; `ledger` is debit minus credit of posted vouchers."""

    account: str
    stock: Decimal
    ledger: Decimal

    @property
    def difference(self) -> Decimal:
        return self.ledger - self.stock


def stock_ties(month: Month, balances: Iterable[StandingBalance], *, chosen: Mapping[str, str]) -> list[Tie] | None:
    """By account; None without inventory, or before it holds anything.

    `balances` are the standing ones at the end of `month`, leaf by leaf; `chosen` is {item category: account}.

    A leaf below 1403 counts to 1403 unless a category has chosen it for itself.
    """
    rows = links.stock_at(str(month))
    if not rows:
        return None
    accounts = sorted({*STOCK_ACCOUNTS, *chosen.values()}, key=len, reverse=True)
    stock, ledger = dict.fromkeys(accounts, ZERO), dict.fromkeys(accounts, ZERO)
    for row in rows:
        account = stock_account(row.parts["source"], row.parts["category"], row.parts["warehouse_kind"], chosen)
        stock[account] += row.value
    for balance in balances:
        # The longest first: 140301 may be an account of its own.
        owner = next((account for account in accounts if balance.account.startswith(account)), None)
        if owner is not None:
            ledger[owner] += balance.net
    return [Tie(account, stock[account], ledger[account]) for account in sorted(accounts)]
