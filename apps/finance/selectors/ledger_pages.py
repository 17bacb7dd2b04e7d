"""What ledger pages offer to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.finance.domain.numbers import voucher_number
from apps.finance.models import AccountDimension, LedgerAccount
from apps.finance.selectors.account_names import AccountName, account_names, initials
from apps.finance.selectors.chart import Chart

__all__ = ["cash_accounts", "dimensioned_accounts", "initials", "shown_number"]


@dataclass(frozen=True)
class DimensionedAccount:
    """An account with one of its dimensions."""

    code: str
    account: str
    dimension: str
    words: str


def cash_accounts(names: Mapping[str, AccountName]) -> list[AccountName]:
    """The leaves of 库存现金 and 银行存款 among the named accounts, by code."""
    kinds = (LedgerAccount.CashKind.CASH, LedgerAccount.CashKind.BANK)
    rows = LedgerAccount.objects.filter(cash_kind__in=kinds, is_active=True, is_leaf=True).order_by("code")
    return [names[code] for code in rows.values_list("code", flat=True)]


def dimensioned_accounts(chart: Chart) -> list[DimensionedAccount]:
    """Accounts that keep a dimension, by code."""
    names = account_names(chart)
    rows = AccountDimension.objects.select_related("dimension", "account").order_by("account__code", "dimension_id")
    return [
        DimensionedAccount(row.account.code, str(names[row.account_id]), row.dimension.code, _(row.dimension.name))
        for row in rows
        if row.account.is_active
    ]


def shown_number(word: str, no: int) -> str:
    """记-12, GJ-12 for English readers."""
    return voucher_number(word, no, language=get_language() or "zh") or ""
