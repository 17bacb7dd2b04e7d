"""销售订单 and 采购订单: what was promised to whom, and what of it has moved.

Quantities of a line are in the line's own unit (its code), amounts in CNY to the fen, prices in CNY a unit
with six decimals.
"""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q

QUANTITY: dict[str, Any] = {"max_digits": 18, "decimal_places": 4}
ZERO = Decimal(0)


class Order(models.Model):
    """What both orders have. `version` counts the changes; `source` names who made it: `supply.order` and its id.

    `total` = sum of the lines' amounts, before or after tax as `price_includes_tax` says.
    """

    number = models.CharField(max_length=60)
    partner = models.ForeignKey("masterdata.Partner", models.PROTECT, related_name="+")
    ordered_on = models.DateField()
    currency = models.CharField(max_length=3, default="CNY")
    price_includes_tax = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    total = models.DecimalField(max_digits=18, decimal_places=2, default=ZERO)
    note = models.CharField(max_length=500, blank=True, default="")
    source_kind = models.CharField(max_length=40, blank=True, default="")
    source_ref = models.CharField(max_length=100, blank=True, default="")
    created_by_id = models.BigIntegerField()
    created_by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """What both orders' lines have. `done` = shipped or received so far, `returned` = taken back of it.

    `stock_quantity` is `quantity` in the item's stock unit, exact; `tolerance` the share by which `done` may exceed
    `quantity`; `closed`: the rest is no longer wanted.
    """

    line = models.PositiveIntegerField()
    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+")
    unit = models.CharField(max_length=64)
    quantity = models.DecimalField(**QUANTITY)
    stock_quantity = models.DecimalField(**QUANTITY)
    unit_price = models.DecimalField(max_digits=18, decimal_places=6)
    tax_rate = models.DecimalField(max_digits=9, decimal_places=8, default=ZERO)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    due_on = models.DateField()
    promised_on = models.DateField(null=True, blank=True)
    warehouse = models.ForeignKey("masterdata.Warehouse", models.PROTECT, null=True, blank=True, related_name="+")
    done = models.DecimalField(**QUANTITY, default=ZERO)
    returned = models.DecimalField(**QUANTITY, default=ZERO)
    tolerance = models.DecimalField(max_digits=9, decimal_places=8, default=ZERO)
    closed = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        abstract = True


def _line_constraints(prefix: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(fields=["order", "line"], name=f"{prefix}_line_once"),
        models.CheckConstraint(condition=Q(quantity__gt=0, stock_quantity__gt=0), name=f"{prefix}_orders_something"),
        models.CheckConstraint(condition=Q(unit_price__gte=0, amount__gte=0), name=f"{prefix}_price_not_negative"),
        models.CheckConstraint(condition=Q(tax_rate__gte=0, tax_rate__lt=1), name=f"{prefix}_tax_is_share"),
        models.CheckConstraint(
            condition=Q(returned__gte=0, returned__lte=F("done")), name=f"{prefix}_returned_of_done"
        ),
        models.CheckConstraint(
            condition=Q(tolerance__gte=0, done__lte=F("quantity") * (Decimal(1) + F("tolerance"))),
            name=f"{prefix}_not_over",
        ),
    ]


class SalesOrder(Order):
    """销售订单: 草稿 → 已确认 → 部分发货 → 已发货 → 已关闭, or 已取消. `reserve`: stock is set aside on confirming."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        CONFIRMED = "confirmed", "已确认"
        PART = "part_shipped", "部分发货"
        DONE = "shipped", "已发货"
        CLOSED = "closed", "已关闭"
        CANCELLED = "cancelled", "已取消"

    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    reserve = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="sales_order_number_once"),
            models.UniqueConstraint(
                fields=["source_kind", "source_ref"], condition=~Q(source_ref=""), name="sales_order_source_once"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="sales_order_by_state"),
            models.Index(fields=["partner", "-id"], name="sales_order_by_partner"),
        ]


class SalesOrderLine(OrderLine):
    """One line of a sales order. `make_to_order`: production makes it for this line."""

    order = models.ForeignKey(SalesOrder, models.CASCADE, related_name="lines")
    make_to_order = models.BooleanField(default=False)

    class Meta:
        constraints = _line_constraints("sales_line")
        indexes = [models.Index(fields=["item", "due_on"], name="sales_line_by_item")]


class PurchaseOrder(Order):
    """采购订单: 草稿 → 已确认 → 部分收货 → 已收货 → 已关闭, or 已取消.

    `locked_by`: the shared order that fixed quantity, price and promise; they are changed only through it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        CONFIRMED = "confirmed", "已确认"
        PART = "part_received", "部分收货"
        DONE = "received", "已收货"
        CLOSED = "closed", "已关闭"
        CANCELLED = "cancelled", "已取消"

    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    locked_by = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="purchase_order_number_once"),
            models.UniqueConstraint(
                fields=["source_kind", "source_ref"], condition=~Q(source_ref=""), name="purchase_order_source_once"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="purchase_order_by_state"),
            models.Index(fields=["partner", "-id"], name="purchase_order_by_partner"),
        ]


class PurchaseOrderLine(OrderLine):
    """One line of a purchase order. `announced`: on its way by the supplier's word, due on `announced_on`."""

    order = models.ForeignKey(PurchaseOrder, models.CASCADE, related_name="lines")
    announced = models.DecimalField(**QUANTITY, default=ZERO)
    announced_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            *_line_constraints("purchase_line"),
            models.CheckConstraint(condition=Q(announced__gte=0), name="purchase_line_announced_not_negative"),
        ]
        indexes = [models.Index(fields=["item", "due_on"], name="purchase_line_by_item")]


class Fulfilment(models.Model):
    """Which line of which stock document shipped, received or returned how much of an order line (order's unit)."""

    document = models.ForeignKey("inventory.StockDocument", models.PROTECT, related_name="+")
    document_line = models.PositiveIntegerField()
    quantity = models.DecimalField(**QUANTITY)
    is_return = models.BooleanField(default=False)

    class Meta:
        abstract = True


class SalesFulfilment(Fulfilment):
    """发货 and 销售退货 of a sales line."""

    line = models.ForeignKey(SalesOrderLine, models.PROTECT, related_name="fulfilments")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "document_line"], name="sales_fulfilment_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="sales_fulfilment_moves_something"),
        ]


class PurchaseFulfilment(Fulfilment):
    """收货 and 采购退货 of a purchase line."""

    line = models.ForeignKey(PurchaseOrderLine, models.PROTECT, related_name="fulfilments")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "document_line"], name="purchase_fulfilment_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="purchase_fulfilment_moves_something"),
        ]
