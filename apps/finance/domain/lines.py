"""A voucher line as arithmetic sees it: the shape that steps, reversals and templates hand to the
services.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.finance.domain.amounts import ZERO


@dataclass(frozen=True)
class Line:
    """分录: exactly one of debit and credit is not zero, negative is a red letter.

    `combo` is the id of the aux combination (0 = none); quantity and fc_amount carry the sign of the amount;
    `cash_flow` is the tag given by hand or by the line that is copied.
    """

    account: str
    summary: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    combo: int = 0
    currency: str | None = None
    fc_amount: Decimal | None = None
    rate: Decimal | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    due_on: date | None = None
    ref: str = ""
    cash_flow: int | None = None

    @property
    def net(self) -> Decimal:
        """Debit minus credit."""
        return self.debit - self.credit


def debit_line(account: str, summary: str, amount: Decimal, combo: int = 0) -> Line:
    """A line on the debit side."""
    return Line(account, summary, debit=amount, combo=combo)


def credit_line(account: str, summary: str, amount: Decimal, combo: int = 0) -> Line:
    """A line on the credit side."""
    return Line(account, summary, credit=amount, combo=combo)
