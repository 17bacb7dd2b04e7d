"""What planning starts from: how each item is ordered, what is asked for, and stock where no stock module is."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q


class PlanningData(models.Model):
    """计划参数 of an item. Stock units, calendar days. Shifts up to `tolerance_days` are silent.

    `source` empty: what the item says, and an item with a bill in force is made.
    """

    class LotRule(models.TextChoices):
        L4L = "l4l", "按需"
        FOQ = "foq", "固定批量"
        MIN_MAX = "min_max", "最小批量"
        POQ = "poq", "定期合并"
        EOQ = "eoq", "经济批量"
        WW = "ww", "动态批量"

    class Source(models.TextChoices):
        MAKE = "make", "自制"
        BUY = "buy", "采购"

    item = models.OneToOneField("masterdata.Item", models.PROTECT, related_name="+", primary_key=True)
    lot_rule = models.CharField(max_length=10, choices=LotRule.choices, default=LotRule.L4L)
    fixed_quantity = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    min_lot = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    max_lot = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    multiple = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    period_days = models.PositiveIntegerField(default=0)
    order_cost = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    holding_cost = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    annual_demand = models.DecimalField(max_digits=18, decimal_places=4, default=Decimal(0))
    lead_days = models.PositiveIntegerField(default=0)
    safety_stock = models.DecimalField(max_digits=18, decimal_places=4, default=Decimal(0))
    tolerance_days = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=10, choices=Source.choices, blank=True, default="")
    supplier = models.ForeignKey("masterdata.Partner", models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(max_lot__isnull=True) | Q(min_lot__isnull=True) | Q(max_lot__gte=F("min_lot")),
                name="production_plan_max_over_min",
            ),
            models.CheckConstraint(
                condition=(Q(fixed_quantity__isnull=True) | Q(fixed_quantity__gt=0))
                & (Q(min_lot__isnull=True) | Q(min_lot__gte=0))
                & (Q(max_lot__isnull=True) | Q(max_lot__gt=0))
                & (Q(multiple__isnull=True) | Q(multiple__gt=0)),
                name="production_plan_lots_positive",
            ),
            models.CheckConstraint(
                condition=Q(order_cost__gte=0, holding_cost__gte=0, annual_demand__gte=0, safety_stock__gte=0),
                name="production_plan_not_negative",
            ),
            models.CheckConstraint(condition=Q(lead_days__lte=3650), name="production_plan_lead"),
        ]


class Demand(models.Model):
    """需求: `quantity` of an item wanted on a day; `fulfilled` of it has left. `priority`: 1 is urgent, 9 can wait.

    A sales line's demand carries its source (`sales_order`, number, line), a typed one has none.
    """

    class Kind(models.TextChoices):
        ORDER = "order", "订单"
        MANUAL = "manual", "手工"
        FORECAST = "forecast", "预测"
        SAFETY = "safety", "备货"

    class State(models.TextChoices):
        OPEN = "open", "未完"
        DONE = "done", "已完"
        CANCELLED = "cancelled", "已取消"

    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    fulfilled = models.DecimalField(max_digits=18, decimal_places=4, default=Decimal(0))
    due_on = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.MANUAL)
    priority = models.PositiveSmallIntegerField(default=5)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    reference = models.CharField(max_length=100, blank=True, default="")
    source_kind = models.CharField(max_length=20, blank=True, default="")
    source_number = models.CharField(max_length=64, blank=True, default="")
    source_line = models.PositiveIntegerField(null=True, blank=True)
    make_to_order = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_number", "source_line"],
                condition=~Q(source_kind=""),
                name="production_demand_source_once",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, fulfilled__gte=0, fulfilled__lte=F("quantity")),
                name="production_demand_open_not_negative",
            ),
            models.CheckConstraint(condition=Q(priority__gte=1, priority__lte=9), name="production_demand_priority"),
        ]
        indexes = [
            models.Index(fields=["state", "due_on", "id"], name="production_demand_by_day"),
            models.Index(fields=["item"], name="production_demand_by_item"),
        ]

    @property
    def open(self) -> Decimal:
        """What is still wanted; nothing once it is cancelled or done."""
        return self.quantity - self.fulfilled if self.state == self.State.OPEN else Decimal(0)


class StockEntry(models.Model):
    """现有量 as typed here: only for companies without the stock module. The last figure of an item counts."""

    item = models.OneToOneField("masterdata.Item", models.PROTECT, related_name="+", primary_key=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    entered_at = models.DateTimeField()
    entered_by_id = models.BigIntegerField(null=True)
    entered_by_name = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(quantity__gte=0), name="production_stock_not_negative")]
