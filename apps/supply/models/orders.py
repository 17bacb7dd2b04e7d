"""Projections of order chains: what one's own pages and lists read."""

from django.db import models
from django.db.models import Q

from apps.supply.domain.convert import Factor
from apps.supply.models.links import ROLES, SupplyLink


class SharedOrder(models.Model):
    """协同订单: the fold of one chain, our side. `id` is the chain's; `seq` the newest version folded in.

    `total` is the gross amount of the agreed terms, else of the open ones, in `currency`. `due_on` is the earliest
    promise (else wish) of a line; `closed_at` is set with refused, cancelled and with the last goods received.
    """

    class State(models.TextChoices):
        SENT = "sent", "待确认"
        COUNTERED = "countered", "已还价"
        AGREED = "agreed", "已确认"
        CHANGING = "changing", "变更中"
        CANCELLING = "cancelling", "取消中"
        REFUSED = "refused", "已拒绝"
        CANCELLED = "cancelled", "已取消"

    class Progress(models.TextChoices):
        NONE = "none", "未发货"
        PART_SHIPPED = "part_shipped", "部分发货"
        SHIPPED = "shipped", "已发货"
        PART_RECEIVED = "part_received", "部分收货"
        RECEIVED = "received", "已收货"

    id = models.UUIDField(primary_key=True)
    link = models.ForeignKey(SupplyLink, models.PROTECT, related_name="orders")
    role = models.CharField(max_length=10, choices=ROLES)
    number = models.CharField(max_length=64)
    type = models.CharField(max_length=20, default="standard")
    currency = models.CharField(max_length=3, default="CNY")
    over_tolerance = models.DecimalField(max_digits=9, decimal_places=4, default=0)
    total = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    state = models.CharField(max_length=12, choices=State.choices)
    waiting_for = models.CharField(max_length=10, blank=True, default="")
    progress = models.CharField(max_length=14, choices=Progress.choices, default=Progress.NONE)
    seq = models.PositiveIntegerField()
    due_on = models.DateField(null=True)
    sent_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    purchase_order = models.CharField(max_length=64, blank=True, default="")
    internal_note = models.TextField(blank=True, default="")
    search_text = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=Q(role="buyer"), name="supply_order_number_once"),
        ]
        indexes = [
            models.Index(fields=["-sent_at", "id"], name="supply_order_newest"),
            models.Index(fields=["state", "waiting_for"], name="supply_order_by_state"),
        ]


class OrderItem(models.Model):
    """Our side of one line: the own item it is, exactly how many stock units one unit is, and what we note.

    `is_text`: taken as text (按文字接单), no item. `partner_item` is the other firm's code, learned from its answer.
    """

    order = models.ForeignKey(SharedOrder, models.CASCADE, related_name="items")
    line = models.PositiveIntegerField()
    item = models.ForeignKey("masterdata.Item", models.PROTECT, null=True, related_name="+")
    numerator = models.BigIntegerField(default=1)
    denominator = models.BigIntegerField(default=1)
    is_text = models.BooleanField(default=False)
    partner_item = models.CharField(max_length=64, blank=True, default="")
    internal_note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "line"], name="supply_order_item_once"),
            models.CheckConstraint(
                condition=Q(numerator__gt=0, denominator__gt=0), name="supply_order_item_factor_positive"
            ),
        ]

    @property
    def factor(self) -> Factor:
        return Factor(self.numerator, self.denominator)

    @property
    def is_settled(self) -> bool:
        """Mapped to an item, or taken as text."""
        return self.item_id is not None or self.is_text
