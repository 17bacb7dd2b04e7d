"""Shared tables of billing. Rows of a company carry `tenant`; see `scoping` for how they are asked for."""

from apps.billing.models.accounts import BalanceEntry, BillingAccount, IdempotencyKey, Signup
from apps.billing.models.catalogue import Meter, Price, PricePlan, TaxRate
from apps.billing.models.invoices import Invoice, InvoiceLine, InvoiceShare, NumberSeries, TaxTotal
from apps.billing.models.operations import AuditLog, DunningStep, JobRun
from apps.billing.models.payments import (
    BankAccount,
    BankStatementImport,
    BankStatementLine,
    LedgerEntry,
    LedgerPosting,
    Payment,
    PaymentAllocation,
)
from apps.billing.models.subscriptions import PendingLine, Subscription, SubscriptionChange, SubscriptionItem
from apps.billing.models.usage import (
    AlertFired,
    AlertRule,
    SpendCap,
    UsageConflict,
    UsageDirtyDay,
    UsageEvent,
    UsageEventKey,
    UsagePeriod,
    UsageQuarantine,
    UsageRollupDay,
    UsageVoid,
    UsageWatermark,
)

__all__ = [
    "AlertFired",
    "AlertRule",
    "AuditLog",
    "BalanceEntry",
    "BankAccount",
    "BankStatementImport",
    "BankStatementLine",
    "BillingAccount",
    "DunningStep",
    "IdempotencyKey",
    "Invoice",
    "InvoiceLine",
    "InvoiceShare",
    "JobRun",
    "LedgerEntry",
    "LedgerPosting",
    "Meter",
    "NumberSeries",
    "Payment",
    "PaymentAllocation",
    "PendingLine",
    "Price",
    "PricePlan",
    "Signup",
    "SpendCap",
    "Subscription",
    "SubscriptionChange",
    "SubscriptionItem",
    "TaxRate",
    "TaxTotal",
    "UsageConflict",
    "UsageDirtyDay",
    "UsageEvent",
    "UsageEventKey",
    "UsagePeriod",
    "UsageQuarantine",
    "UsageRollupDay",
    "UsageVoid",
    "UsageWatermark",
]
