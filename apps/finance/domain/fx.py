"""期末调汇 (准则 art. 75–77): foreign balances at the rate of the last day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.finance.domain.amounts import ZERO, multiply
from apps.finance.domain.cashflow import is_cash
from apps.finance.domain.lines import Line, credit_line, debit_line

SUMMARY = "期末调汇"


@dataclass(frozen=True)
class ForeignBalance:
    """Balance of one (account, currency, combo), debit minus credit, in the currency and in CNY; rate of
    the day.
    """

    account: str
    currency: str
    fc_balance: Decimal
    base_balance: Decimal
    rate: Decimal
    combo: int = 0

    @property
    def difference(self) -> Decimal:
        """round(fc balance × rate) − base balance; positive = the debit side rises."""
        return multiply(self.fc_balance, self.rate) - self.base_balance


def revaluation_vouchers(
    balances: Iterable[ForeignBalance], *, gain_account: str = "530103", loss_account: str = "560303"
) -> list[list[Line]]:
    """Cash accounts in one voucher, the others in a second; without a difference none.

    A rise debits, a fall credits the account with fc_amount 0; gains credit 530103, losses debit 560303,
    never netted (附录 names two accounts).
    """
    rows = sorted((row for row in balances if row.difference), key=lambda row: (row.account, row.currency, row.combo))
    groups = ([row for row in rows if is_cash(row.account)], [row for row in rows if not is_cash(row.account)])
    return [_voucher(group, gain_account, loss_account) for group in groups if group]


def _voucher(rows: Sequence[ForeignBalance], gain_account: str, loss_account: str) -> list[Line]:
    gains = sum((row.difference for row in rows if row.difference > 0), ZERO)
    losses = -sum((row.difference for row in rows if row.difference < 0), ZERO)
    lines = [_line(row) for row in rows]
    if losses:
        lines.append(debit_line(loss_account, SUMMARY, losses))
    if gains:
        lines.append(credit_line(gain_account, SUMMARY, gains))
    return lines


def _line(row: ForeignBalance) -> Line:
    rise = row.difference > 0
    return Line(
        row.account,
        f"{SUMMARY} {row.currency}",
        debit=row.difference if rise else ZERO,
        credit=ZERO if rise else -row.difference,
        combo=row.combo,
        currency=row.currency,
        fc_amount=ZERO,
        rate=row.rate,
    )
