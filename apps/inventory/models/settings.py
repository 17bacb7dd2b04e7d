"""How stock is valued and replenished: for the company, for an item."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Method(models.TextChoices):
    """计价方法 (小企业会计准则 art. 13, CAS 1 art. 14)."""

    MOVING_AVERAGE = "moving_average", _("移动加权平均")
    FIFO = "fifo", _("先进先出")
    SPECIFIC = "specific", _("个别计价")
    MONTHLY_AVERAGE = "monthly_average", _("全月一次加权平均")


class Scope(models.TextChoices):
    COMPANY = "company", _("全公司")
    WAREHOUSE = "warehouse", _("分仓库")


class StockSettings(models.Model):
    """进销存设置: one row of each company. `closed_through` is the last day of the last closed month.

    Posting locks the row FOR SHARE, closing a month FOR UPDATE. `stocktake_tolerance`: a difference beyond it (stock
    units or CNY) needs a second person; null = none does.
    """

    ONLY = 1

    id = models.SmallIntegerField(primary_key=True, default=ONLY)
    default_method = models.CharField(max_length=20, choices=Method.choices, default=Method.MONTHLY_AVERAGE)
    default_scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.COMPANY)
    closed_through = models.DateField(null=True)
    stocktake_tolerance = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="stock_settings_one_row"),
            models.CheckConstraint(
                condition=~Q(default_method="monthly_average") | Q(default_scope="company"),
                name="stock_settings_monthly_company",
            ),
        ]


class ItemSettings(models.Model):
    """物料库存设置. Empty `method` and `scope` follow the company's. `over_receipt_tolerance` is a share (0.05)."""

    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+", db_index=False)
    method = models.CharField(max_length=20, choices=Method.choices, blank=True, default="")
    scope = models.CharField(max_length=10, choices=Scope.choices, blank=True, default="")
    count_class = models.CharField(max_length=1, blank=True, default="")
    over_receipt_tolerance = models.DecimalField(max_digits=9, decimal_places=8, default=Decimal(0))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item"], name="item_settings_once"),
            models.CheckConstraint(
                condition=~Q(method="monthly_average") | Q(scope="company"), name="item_settings_monthly_company"
            ),
            models.CheckConstraint(condition=Q(over_receipt_tolerance__gte=0), name="item_settings_tolerance"),
        ]


class ReorderRule(models.Model):
    """补货规则 of an item in a warehouse; quantities in stock units, `lead_days` in calendar days."""

    class Rule(models.TextChoices):
        MIN_MAX = "min_max", _("最低最高")
        ORDER_POINT = "order_point", _("再订货点")
        LOT_FOR_LOT = "lot_for_lot", _("按需")

    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+", db_index=False)
    warehouse = models.ForeignKey("masterdata.Warehouse", models.PROTECT, related_name="+")
    rule = models.CharField(max_length=12, choices=Rule.choices, default=Rule.MIN_MAX)
    reorder_point = models.DecimalField(max_digits=18, decimal_places=4, default=Decimal(0))
    reorder_to = models.DecimalField(max_digits=18, decimal_places=4, default=Decimal(0))
    safety_stock = models.DecimalField(max_digits=18, decimal_places=4, default=Decimal(0))
    min_lot = models.DecimalField(max_digits=18, decimal_places=4, default=Decimal(0))
    multiple = models.DecimalField(max_digits=18, decimal_places=4, default=Decimal(0))
    lead_days = models.PositiveIntegerField(default=0)
    supplier = models.ForeignKey("masterdata.Partner", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "warehouse"], name="reorder_rule_once"),
            models.CheckConstraint(
                condition=Q(
                    reorder_point__gte=0, reorder_to__gte=0, safety_stock__gte=0, min_lot__gte=0, multiple__gte=0
                ),
                name="reorder_rule_not_negative",
            ),
        ]
