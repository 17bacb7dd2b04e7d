"""Files that become vouchers, opening balances and accounts; registered in `apps.finance.registration`."""

from apps.finance.imports.accounts import ACCOUNTS
from apps.finance.imports.opening import OPENING
from apps.finance.imports.vouchers import VOUCHERS

KINDS = (VOUCHERS, OPENING, ACCOUNTS)

__all__ = ["KINDS"]
