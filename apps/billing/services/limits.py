"""上限与提醒 of one meter, set from its page; the other meters keep theirs."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from apps.billing.models import AlertRule, SpendCap
from apps.billing.services import caps
from tenants.rights import Member


@transaction.atomic
def set_limit(
    *,
    tenant_id: int,
    meter: str,
    amount: Decimal | None,
    hard: bool,
    thresholds: Sequence[int],
    at: datetime,
    actor: Member | None,
) -> None:
    """Cap `meter` at `amount` CNY a month (None = no cap) and alert at `thresholds` percent of its allowance.

    Raises HardCapNotPossible, Invalid.
    """
    others = SpendCap.objects.of(tenant_id).exclude(meter_id=meter).order_by("id")
    wanted = [(cap.meter_id, cap.mode, cap.amount) for cap in others]
    if amount is not None:
        wanted.append((meter, "hard" if hard else "soft", amount))
    caps.set_caps(tenant_id=tenant_id, wanted=wanted, actor=actor, at=at)
    rules = AlertRule.objects.of(tenant_id).exclude(meter_id=meter).order_by("id")
    alerts = [(rule.meter_id, rule.limit_amount, rule.thresholds) for rule in rules]
    caps.set_alerts(tenant_id=tenant_id, wanted=[*alerts, (meter, None, sorted(set(thresholds)))])
