"""The customer balance: overpaid money and closed credits that wait for the next invoice."""

from datetime import datetime
from decimal import Decimal

from apps.billing.models import BalanceEntry, BillingAccount


def lock_account(tenant_id: int) -> BillingAccount:
    """The company's billing account, locked; every movement of its balance holds this lock."""
    return BillingAccount.objects.of(tenant_id).select_for_update().get()


def move(account: BillingAccount, *, amount: Decimal, kind: str, source: str, at: datetime) -> None:
    """Add `amount` (CNY with sign) to the locked account's balance; nothing for 0.00. `source` once a company."""
    if not amount:
        return
    BalanceEntry.objects.create(tenant_id=account.tenant_id, amount=amount, kind=kind, source=source, made_at=at)
    account.balance += amount
    account.save(update_fields=["balance"])
