"""账单: what a company owes us. Figures never change once a number was given."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from apps.billing.models.scoping import TenantOwned
from apps.billing.models.subscriptions import Subscription, SubscriptionChange

_ZERO = Decimal("0.00")


def _money() -> "models.DecimalField[Decimal, Decimal]":
    return models.DecimalField(max_digits=18, decimal_places=2, default=_ZERO)


class Invoice(TenantOwned):
    """账单, CNY, VAT included. A draft is recomputed as a whole; after finalise only state and paid fields move.

    `paid` = allocations to the enterprise share; `finalise_after` = end of the grace for late usage.
    """

    class State(models.TextChoices):
        BUILDING = "building", "生成中"
        DRAFT = "draft", "草稿"
        FINALISING = "finalising", "出账中"
        OPEN = "open", "待付"
        PARTIALLY_PAID = "partially_paid", "部分已付"
        PAID = "paid", "已付"
        VOID = "void", "已作废"
        UNCOLLECTIBLE = "uncollectible", "已核销"

    class Reason(models.TextChoices):
        TRIAL_END = "trial_end", "试用转正"
        RECURRING = "recurring", "按期"
        CHANGE = "change", "变更"
        FINAL = "final", "结清"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="invoices")
    change = models.ForeignKey(SubscriptionChange, models.PROTECT, null=True, related_name="invoices")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.DRAFT)
    number = models.CharField(max_length=24, null=True)
    period_start = models.DateField()
    period_end = models.DateField()
    usage_start = models.DateField(null=True)
    usage_end = models.DateField(null=True)
    issued_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    finalise_after = models.DateTimeField(null=True)
    finalised_at = models.DateTimeField(null=True)
    subtotal = _money()
    true_up = _money()
    discount = _money()
    promo = _money()
    list_total = _money()
    concession = _money()
    total = _money()
    net = _money()
    tax = _money()
    balance_applied = _money()
    wallet_applied = _money()
    balance_credit = _money()
    paid = _money()
    credited = _money()
    credited_to_share = _money()
    written_off = _money()
    buyer = models.JSONField(default=dict, blank=True)
    failed_step = models.CharField(max_length=40, blank=True, default="")
    failed_reason = models.CharField(max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "reason", "period_start"],
                condition=~Q(reason="change"),
                name="invoice_run_once",
            ),
            models.UniqueConstraint(fields=["change"], name="invoice_change_once"),
            models.UniqueConstraint(fields=["number"], name="invoice_number_once"),
            models.CheckConstraint(
                condition=Q(reason="change", change__isnull=False) | (~Q(reason="change") & Q(change=None)),
                name="invoice_change_named",
            ),
            models.CheckConstraint(condition=Q(total__gte=0), name="invoice_total_not_negative"),
            models.CheckConstraint(condition=Q(total=F("net") + F("tax")), name="invoice_net_and_tax"),
            models.CheckConstraint(
                condition=Q(number=None, state__in=("building", "draft", "finalising"))
                | (Q(number__isnull=False) & ~Q(state__in=("building", "draft", "finalising"))),
                name="invoice_number_with_state",
            ),
            models.CheckConstraint(condition=Q(credited__lte=F("total")), name="invoice_credited_at_most_total"),
        ]
        indexes = [
            models.Index(fields=["tenant", "-id"], name="invoice_of_tenant"),
            models.Index(fields=["state", "finalise_after"], name="invoice_waiting"),
            models.Index(
                fields=["due_on", "id"], condition=Q(state__in=("open", "partially_paid")), name="invoice_unpaid"
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"

    @property
    def is_final(self) -> bool:
        """True once a number was given."""
        return self.number is not None


class InvoiceLine(TenantOwned):
    """账单行. `discount` = coupon + promotional credit + concession; `amount` CNY with sign, VAT included."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    item = models.CharField(max_length=60, blank=True, default="")
    description = models.CharField(max_length=200)
    service_start = models.DateField()
    service_end = models.DateField()
    quantity = models.DecimalField(max_digits=24, decimal_places=6)
    unit_price = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    billed_days = models.PositiveSmallIntegerField(null=True)
    period_days = models.PositiveSmallIntegerField(null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    discount = _money()
    net = _money()
    tax = _money()
    tax_rate = models.DecimalField(max_digits=18, decimal_places=8)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_position_once"),
            models.CheckConstraint(
                condition=Q(net=F("amount") - F("discount") - F("tax")), name="invoice_line_net_and_tax"
            ),
        ]


class TaxTotal(TenantOwned):
    """税额合计 of one rate on one invoice."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="taxes")
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    gross = _money()
    net = _money()
    tax = _money()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "rate"], name="tax_total_once"),
            models.CheckConstraint(condition=Q(gross=F("net") + F("tax")), name="tax_total_splits"),
        ]


class InvoiceShare(TenantOwned):
    """谁付多少. `settled` = paid, taken from balance, credited or written off of this share; never above `amount`."""

    class Payer(models.TextChoices):
        ENTERPRISE = "enterprise", "企业"
        PROVIDER = "provider", "服务商"
        GOVERNMENT = "government", "政府"

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="shares")
    payer = models.CharField(max_length=12, choices=Payer.choices)
    amount = _money()
    settled = _money()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "payer"], name="invoice_share_once"),
            models.CheckConstraint(condition=Q(settled__lte=F("amount")), name="invoice_share_not_overpaid"),
        ]


class NumberSeries(models.Model):
    """编号序列 `INV-2026`: the last number given; updated as the last write of the finalising transaction."""

    series = models.CharField(max_length=12, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)
