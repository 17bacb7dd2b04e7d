"""Usage: identities, events by month, their daily sums, and what was billed of them."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q

from apps.billing.models.catalogue import Meter, Price
from apps.billing.models.scoping import TenantManager, TenantOwned
from apps.billing.models.subscriptions import Subscription


class UsageEventKey(models.Model):
    """用量事件身份: (tenant, transaction id) for at least 400 days, apart from the events, which lie by month."""

    pk = models.CompositePrimaryKey("tenant_id", "transaction_id")
    tenant = models.ForeignKey("tenants.Tenant", models.CASCADE, related_name="+", db_index=False)
    transaction_id = models.CharField(max_length=120)
    payload_hash = models.CharField(max_length=64)
    month = models.DateField()
    created_at = models.DateTimeField()

    objects: TenantManager[Any] = TenantManager()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="usage_event_key_age")]


class UsageEvent(models.Model):
    """用量事件: append-only, partitioned by month of `occurred_at` (the migration makes the table)."""

    id = models.BigIntegerField(primary_key=True)  # with occurred_at, by the partitioned table
    tenant_id = models.BigIntegerField()
    transaction_id = models.CharField(max_length=120)
    meter = models.CharField(max_length=60)
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    occurred_at = models.DateTimeField()
    local_day = models.DateField()
    received_at = models.DateTimeField()
    properties = models.JSONField(default=dict)

    objects: TenantManager[Any] = TenantManager()

    class Meta:
        managed = False
        db_table = "billing_usageevent"


class UsageVoid(TenantOwned):
    """冲销: takes one accepted, not yet invoiced event back, once."""

    transaction_id = models.CharField(max_length=120)
    target = models.CharField(max_length=120)
    event_id = models.BigIntegerField()
    meter = models.CharField(max_length=60)
    local_day = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "target"], name="usage_void_target_once")]
        indexes = [models.Index(fields=["event_id"], name="usage_void_event")]


class UsageRollupDay(TenantOwned):
    """用量日汇总: sums of a meter on one local day, up to the ingest id of the watermark."""

    meter = models.ForeignKey(Meter, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    count = models.BigIntegerField(default=0)
    sum = models.DecimalField(max_digits=24, decimal_places=6, default=Decimal(0))
    max = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    last = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "meter", "day"], name="usage_rollup_day_once")]


class UsageDirtyDay(TenantOwned):
    """A day whose sum must be built again from its events, because one of them was voided."""

    meter = models.CharField(max_length=60)
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "meter", "day"], name="usage_dirty_day_once")]


class UsageWatermark(models.Model):
    """Ingest id up to which events stand in the daily sums; one row."""

    last_id = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="usage_watermark_single_row")]


class UsagePeriod(TenantOwned):
    """已计费用量: what has been invoiced of a meter in a period, cumulated over its invoice and later ones.

    `charged` CNY after a soft cap, `waived` what the cap let go; `price` is the version of the period for late usage.
    `dirty`: an event of the period arrived after its invoice; the next one bills the difference.
    """

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="usage_periods")
    meter = models.ForeignKey(Meter, models.PROTECT, related_name="+", db_index=False)
    price = models.ForeignKey(Price, models.PROTECT, related_name="+")
    period_start = models.DateField()
    period_end = models.DateField()
    quantity = models.DecimalField(max_digits=24, decimal_places=6)
    charged = models.DecimalField(max_digits=18, decimal_places=2)
    waived = models.DecimalField(max_digits=18, decimal_places=2, default=Decimal(0))
    finalised_at = models.DateTimeField()
    dirty = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "meter", "period_start"], name="usage_period_once"),
        ]
        indexes = [models.Index(fields=["subscription"], condition=Q(dirty=True), name="usage_period_dirty")]


class UsageQuarantine(TenantOwned):
    """隔离区: an event more than 35 days late waits for a person: release = late usage, discard = with a reason."""

    class State(models.TextChoices):
        QUARANTINED = "quarantined", "待处理"
        RELEASED = "released", "已放行"
        DISCARDED = "discarded", "已丢弃"

    transaction_id = models.CharField(max_length=120)
    meter = models.CharField(max_length=60)
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    occurred_at = models.DateTimeField()
    properties = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    reason = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUARANTINED)
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "transaction_id"], name="usage_quarantine_once"),
        ]


class UsageConflict(TenantOwned):
    """Another payload under a known identity was refused; the first one counts."""

    transaction_id = models.CharField(max_length=120)
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["received_at"], name="usage_conflict_age")]


class SpendCap(TenantOwned):
    """消费上限 of one meter, or of all (null), CNY a month. `hard` refuses the event, `soft` waives what is above."""

    meter = models.ForeignKey(Meter, models.PROTECT, null=True, related_name="+")
    mode = models.CharField(max_length=4)
    amount = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "meter"], nulls_distinct=False, name="spend_cap_once"),
            models.CheckConstraint(condition=Q(mode__in=("hard", "soft")), name="spend_cap_known_mode"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="spend_cap_not_negative"),
        ]


class AlertRule(TenantOwned):
    """提醒: percentages of a charge (`limit_amount`, CNY) or, without one, of the meter's free allowance."""

    meter = models.ForeignKey(Meter, models.PROTECT, related_name="+")
    limit_amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    thresholds = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "meter"], name="alert_rule_once")]


class AlertFired(TenantOwned):
    """A threshold was reached; once a period."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="+")
    meter = models.ForeignKey(Meter, models.PROTECT, related_name="+", db_index=False)
    period_start = models.DateField()
    threshold = models.PositiveSmallIntegerField()
    fired_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "meter", "period_start", "threshold"], name="alert_fired_once"
            ),
        ]
