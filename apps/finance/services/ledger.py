"""Balances that services decide by: opening rows plus posted movements, leaf by leaf."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from apps.finance.domain.profit_transfer import LeafBalance

# `at` null = everything posted so far.
_BALANCES = """
SELECT a.code, a.direction, m.combo_id, m.currency, sum(m.net), sum(m.fc_net), sum(m.quantity),
       a.is_leaf AND a.cash_kind IN ('cash', 'bank'), a.revalue
  FROM (SELECT o.account_id, o.combo_id, o.currency,
               CASE a.direction WHEN 'debit' THEN o.balance ELSE -o.balance END AS net,
               CASE a.direction WHEN 'debit' THEN o.fc_balance ELSE -o.fc_balance END AS fc_net,
               CASE a.direction WHEN 'debit' THEN o.quantity ELSE -o.quantity END AS quantity
          FROM finance_openingbalance o JOIN finance_ledgeraccount a ON a.id = o.account_id
         UNION ALL
        SELECT b.account_id, b.combo_id, b.currency, b.debit - b.credit, b.fc_debit - b.fc_credit, b.qty_in - b.qty_out
          FROM finance_periodbalance b JOIN finance_period p ON p.id = b.period_id
         WHERE p.index <= %s) m
  JOIN finance_ledgeraccount a ON a.id = m.account_id
 WHERE a.code LIKE %s
 GROUP BY a.id, m.combo_id, m.currency
 ORDER BY a.code, m.combo_id, m.currency
"""
FOREVER = 10**6


@dataclass(frozen=True)
class StandingBalance:
    """Balance of (account, combo, currency): debit minus credit in CNY, in the currency, and in quantity.

    `is_cash`: cash in hand or at a bank; `revalue`: foreign money of the account is revalued at month end.
    """

    account: str
    direction: str
    combo: int
    currency: str
    net: Decimal
    fc_net: Decimal
    quantity: Decimal
    is_cash: bool
    revalue: bool


def standing_balances(prefix: str, *, at: int = FOREVER) -> list[StandingBalance]:
    """Balances of all accounts whose code begins with `prefix`, at the end of the period with index `at`."""
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES, [at, f"{prefix}%"])
        return [StandingBalance(*row) for row in cursor.fetchall()]


def account_balance(prefix: str, *, at: int = FOREVER) -> Decimal:
    """Debit minus credit of an account with everything below it."""
    return sum((row.net for row in standing_balances(prefix, at=at)), Decimal(0))


def leaf_balances(rows: Iterable[StandingBalance]) -> list[LeafBalance]:
    """The rows by (account, combo), currencies added up, as the closing arithmetic takes them."""
    sums: dict[tuple[str, str, int], Decimal] = {}
    for row in rows:
        key = (row.account, row.direction, row.combo)
        sums[key] = sums.get(key, Decimal(0)) + row.net
    return [LeafBalance(account, direction, net, combo) for (account, direction, combo), net in sums.items()]
