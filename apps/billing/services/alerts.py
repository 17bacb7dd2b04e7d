"""Alerts: each percentage of an allowance or a limit fires once a period (R-ALERT)."""

from datetime import datetime
from decimal import Decimal

from django.core.mail import send_mail
from django.utils.translation import gettext as _

from apps.billing.domain.calendar import local_day
from apps.billing.domain.usage import crossed
from apps.billing.models import AlertFired, AlertRule, Subscription
from apps.billing.selectors.usage import current_bills
from apps.billing.services.after import after_commit
from apps.billing.services.dunning import billing_addresses


def fire_alerts(*, subscription: Subscription, at: datetime) -> int:
    """Fire what was reached in the running month of usage; returns how many fired now."""
    bills = {bill.meter: bill for bill in current_bills(subscription, local_day(at))}
    fired = 0
    for rule in AlertRule.objects.of(subscription.tenant_id).select_related("meter").order_by("meter__position"):
        bill = bills.get(rule.meter_id)
        if bill is None or not bill.quantity:
            continue
        measure, limit = (
            (bill.quantity, bill.allowance) if rule.limit_amount is None else (bill.amount, rule.limit_amount)
        )
        if limit > 0:
            fired += _fire(subscription, rule, bill.period.start, measure, limit, at)
    return fired


def _fire(
    subscription: Subscription, rule: AlertRule, period_start: object, measure: Decimal, limit: Decimal, at: datetime
) -> int:
    known = AlertFired.objects.of(subscription.tenant_id).filter(
        subscription=subscription, meter=rule.meter, period_start=period_start
    )
    reached = crossed(measure, limit, rule.thresholds, list(known.values_list("threshold", flat=True)))
    for threshold in reached:
        AlertFired.objects.create(
            tenant_id=subscription.tenant_id, subscription=subscription, meter=rule.meter,
            period_start=period_start, threshold=threshold, fired_at=at,
        )  # fmt: skip
    if reached:
        subject = _("用量提醒：%(meter)s 已达 %(percent)s%%") % {"meter": rule.meter.name, "percent": reached[-1]}
        addresses = billing_addresses(subscription.tenant_id)
        after_commit(send_mail, subject, subject, None, addresses)
    return len(reached)
