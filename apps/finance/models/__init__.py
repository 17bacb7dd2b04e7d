"""Tables of the books in each company's schema."""

from apps.finance.models.accounts import (
    AccountDimension,
    AuxCombo,
    AuxComboMember,
    Dimension,
    DimensionValue,
    LedgerAccount,
)
from apps.finance.models.balances import (
    CashFlowBalance,
    OpeningBalance,
    OpeningCashFlow,
    OpeningItem,
    PeriodBalance,
)
from apps.finance.models.book import Book, ChainHead, NumberCounter, Period, TaxpayerKind
from apps.finance.models.posting import BusinessFact, PostingRule, PostingRuleVersion, StockAccount
from apps.finance.models.rules import ExchangeRate, Reclassification, StatementCheck, StatementLine, TaxRule
from apps.finance.models.vouchers import CashFlowTag, Voucher, VoucherLine

__all__ = [
    "AccountDimension",
    "AuxCombo",
    "AuxComboMember",
    "Book",
    "BusinessFact",
    "CashFlowBalance",
    "CashFlowTag",
    "ChainHead",
    "Dimension",
    "DimensionValue",
    "ExchangeRate",
    "LedgerAccount",
    "NumberCounter",
    "OpeningBalance",
    "OpeningCashFlow",
    "OpeningItem",
    "Period",
    "PeriodBalance",
    "PostingRule",
    "PostingRuleVersion",
    "Reclassification",
    "StatementCheck",
    "StatementLine",
    "StockAccount",
    "TaxRule",
    "TaxpayerKind",
    "Voucher",
    "VoucherLine",
]
