"""The details a company is billed by."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.billing.models import BillingAccount
from apps.billing.services import audit, balance
from apps.masterdata.public import is_uscc
from kernel.errors import Invalid, NotFound
from tenants.rights import Member


def of(tenant_id: int) -> BillingAccount:
    """The company's account. Raises NotFound before it ever subscribed."""
    row = BillingAccount.objects.of(tenant_id).first()
    if row is None:
        raise NotFound(_("这家企业还没有订阅。"), "no_subscription")
    return row


@transaction.atomic
def change(*, tenant_id: int, values: dict[str, Any], at: datetime, actor: Member | None) -> BillingAccount:
    """Write the named details; the audit tells which, not what (tax ids and bank numbers stay out). Raises Invalid."""
    if values.get("tax_id") and not is_uscc(values["tax_id"]):
        raise Invalid(_("税号（统一社会信用代码）不对，请核对 18 位代码。"), fields={"tax_id": [_("校验位不对。")]})
    of(tenant_id)
    account = balance.lock_account(tenant_id)
    changed = sorted(name for name, value in values.items() if getattr(account, name) != value)
    for name in changed:
        setattr(account, name, values[name])
    if changed:
        account.version += 1
        account.save(update_fields=[*changed, "version"])
        audit.record(
            at=at, tenant_id=tenant_id, actor=actor, action="billing_account.changed",
            object=f"billing_account:{account.pk}", label="、".join(changed), changes={"fields": [None, changed]},
        )  # fmt: skip
    return account


@transaction.atomic
def set_terms(*, tenant_id: int, terms_days: int, at: datetime, actor: Member | None) -> BillingAccount:
    """账期 of future invoices, days."""
    account = balance.lock_account(tenant_id)
    before, account.terms_days = account.terms_days, terms_days
    account.save(update_fields=["terms_days"])
    audit.record(
        at=at, tenant_id=tenant_id, actor=actor, action="billing_account.terms",
        object=f"billing_account:{account.pk}", label=str(terms_days), changes={"terms_days": [before, terms_days]},
    )  # fmt: skip
    return account
