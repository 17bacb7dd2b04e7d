"""What is sold: price plans with their prices, meters, and the rates of VAT."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q


class PricePlan(models.Model):
    """价目表: a dated set of prices. Draft rows may change; a published plan never does (trigger), it is retired."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "已发布"
        RETIRED = "retired", "已停用"

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    effective_from = models.DateField()
    grandfathered_until = models.DateField(null=True)
    trial_days = models.PositiveSmallIntegerField(default=14)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="price_plan_version_once"),
            models.CheckConstraint(
                condition=Q(grandfathered_until=None) | Q(grandfathered_until__gte=F("effective_from")),
                name="price_plan_grandfathers_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Meter(models.Model):
    """计量项: what usage is counted in. `source`: fact (a module tells), api (the tenant posts), gauge (a level)."""

    class Source(models.TextChoices):
        FACT = "fact", "业务事实"
        API = "api", "接口上报"
        GAUGE = "gauge", "每日水位"

    code = models.CharField(max_length=60, primary_key=True)
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=20)
    aggregation = models.CharField(max_length=20, default="sum")
    unique_key = models.CharField(max_length=40, blank=True, default="")
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.FACT)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(aggregation__in=("count", "sum", "max", "last", "unique_count")),
                name="meter_known_aggregation",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Price(models.Model):
    """价格 of an item (CNY per interval, VAT included) or of a meter (CNY per unit beyond the free ones)."""

    class Kind(models.TextChoices):
        BASE = "base", "基础版"
        MODULE = "module", "模块"
        SEAT = "seat", "席位"
        USAGE = "usage", "用量"

    plan = models.ForeignKey(PricePlan, models.CASCADE, related_name="prices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    item = models.CharField(max_length=60, blank=True, default="")
    meter = models.ForeignKey(Meter, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    interval = models.CharField(max_length=5)
    model = models.CharField(max_length=12, default="per_unit")
    unit_price = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    tiers = models.JSONField(default=list, blank=True)
    free_units = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    free_prorated = models.BooleanField(default=False)
    package_size = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(1))
    package_price = models.DecimalField(max_digits=18, decimal_places=2, default=Decimal(0))
    rate = models.DecimalField(max_digits=18, decimal_places=8, default=Decimal(0))
    fixed_per_transaction = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    minimum = models.DecimalField(max_digits=18, decimal_places=2, default=Decimal(0))
    tax_behavior = models.CharField(max_length=10, default="inclusive")
    timing = models.CharField(max_length=10, default="advance")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "item", "interval"], condition=~Q(item=""), name="price_item_once"),
            models.UniqueConstraint(
                fields=["plan", "meter", "interval"], condition=Q(meter__isnull=False), name="price_meter_once"
            ),
            models.CheckConstraint(
                condition=Q(item="", meter__isnull=False) | (~Q(item="") & Q(meter=None)), name="price_of_one_thing"
            ),
            models.CheckConstraint(condition=Q(interval__in=("month", "year")), name="price_known_interval"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="price_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name


class TaxRate(models.Model):
    """增值税率: dated rows, chosen by the local date of finalise. To be confirmed by the operator's accountant."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    is_standard = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="tax_rate_once")]
