"""What a company has subscribed to, day by day, and what each change billed."""

from django.db import models
from django.db.models import Q

from apps.billing.models.catalogue import Price
from apps.billing.models.scoping import TenantOwned


class Subscription(TenantOwned):
    """订阅: one living a company. Its row is locked by every change and every run.

    `trial_end` is the first day after the trial, `billed_from` the first billable day; `period_*` the service period
    opened last (half-open). `scheduled` {item: quantity} waits for the next boundary.
    """

    state = models.CharField(max_length=20)
    interval = models.CharField(max_length=5, default="month")
    alignment = models.CharField(max_length=11, default="calendar")
    next_interval = models.CharField(max_length=5, blank=True, default="")
    started_on = models.DateField()
    anchor_date = models.DateField(null=True)
    trial_end = models.DateField(null=True)
    billed_from = models.DateField(null=True)
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    usage_until = models.DateField(null=True)
    scheduled = models.JSONField(default=dict, blank=True)
    terms_accepted_at = models.DateTimeField(null=True)
    cancel_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    dunning_paused_from = models.DateField(null=True)
    dunning_paused_until = models.DateField(null=True)
    dunning_pause_reason = models.CharField(max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant"], condition=~Q(state="closed"), name="subscription_one_live"),
            models.CheckConstraint(condition=Q(interval__in=("month", "year")), name="subscription_known_interval"),
        ]
        indexes = [models.Index(fields=["period_end", "id"], name="subscription_due")]


class SubscriptionItem(TenantOwned):
    """订阅项: `quantity` of an item at a pinned price from `valid_from` up to, without, `valid_to`.

    History: a row is only ever closed; overlap per item is excluded by the database.
    """

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="items")
    item = models.CharField(max_length=60)
    price = models.ForeignKey(Price, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="subscription_item_holds_something"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")), name="subscription_item_in_order"
            ),
        ]
        indexes = [models.Index(fields=["subscription", "item", "valid_from"], name="subscription_item_history")]


class SubscriptionChange(TenantOwned):
    """订阅变更: one confirmed command with its quote and the lines it billed; append-only."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="changes")
    idempotency_key = models.CharField(max_length=200)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    made_on = models.DateField()
    steps = models.JSONField()
    before = models.JSONField()
    after = models.JSONField()
    quote = models.CharField(max_length=64)
    lines = models.JSONField()
    net = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "idempotency_key"], name="subscription_change_key_once"),
        ]


class PendingLine(TenantOwned):
    """待开账行: every charge and credit of an item, CNY with sign; `taken_by` once an invoice bills it.

    The lines of a period are also what an item «was charged so far», so they are never changed.
    """

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="pending_lines")
    change = models.ForeignKey(SubscriptionChange, models.CASCADE, null=True, related_name="billed_lines")
    price = models.ForeignKey(Price, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    item = models.CharField(max_length=60)
    quantity = models.IntegerField()
    unit_price = models.DecimalField(max_digits=18, decimal_places=6)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    period_start = models.DateField()
    service_start = models.DateField()
    service_end = models.DateField()
    billed_days = models.PositiveSmallIntegerField()
    period_days = models.PositiveSmallIntegerField()
    made_on = models.DateField()
    taken_by = models.OneToOneField("billing.InvoiceLine", models.SET_NULL, null=True, related_name="pending_line")

    class Meta:
        indexes = [
            models.Index(fields=["subscription", "period_start", "item"], name="pending_line_of_period"),
            models.Index(fields=["subscription", "id"], condition=Q(taken_by=None), name="pending_line_waiting"),
        ]
