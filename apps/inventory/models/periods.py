"""Months of stock. A closed month never opens again; its end is kept as a snapshot."""

from django.db import models
from django.db.models import Q

from apps.inventory.models.costing import CostGroup
from apps.inventory.models.lots import Lot


class Period(models.Model):
    """月结: one row per closed month (`month` = its first day); months without a row are open.

    The closed months are a prefix: a trigger lets only the next one in.
    """

    month = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=2)
    quantity_rows = models.IntegerField()
    entries = models.IntegerField(default=0)
    closed_by_id = models.BigIntegerField(null=True)
    closed_by_name = models.CharField(max_length=80, blank=True, default="")
    closed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month"], name="stock_period_once")]


class PeriodBalance(models.Model):
    """Quantity on hand at the end of a closed month, where there was any. Written once, by the close."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+", db_index=False)
    warehouse = models.ForeignKey("masterdata.Warehouse", models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey("masterdata.Location", models.PROTECT, null=True, related_name="+", db_index=False)
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "item", "warehouse", "location", "lot"],
                nulls_distinct=False,
                name="period_balance_once",
            ),
            models.CheckConstraint(condition=~Q(quantity=0), name="period_balance_something"),
        ]


class PeriodCost(models.Model):
    """A group at the end of a closed month: folds begin here. `layers`: [[move, date, quantity, value], …] of FIFO."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="+", db_index=False)
    group = models.ForeignKey(CostGroup, models.PROTECT, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    value = models.DecimalField(max_digits=18, decimal_places=2)
    layers = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "group"], name="period_cost_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="period_cost_positive"),
        ]
        indexes = [models.Index(fields=["group"], name="period_cost_by_group")]
