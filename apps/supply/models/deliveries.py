"""发货通知 and 收货反馈: ledgers by order line, in the order's unit. A mistake is reversed, not edited."""

from django.db import models
from django.db.models import F, Q

from apps.supply.models.links import ROLES, SupplyLink
from apps.supply.models.orders import SharedOrder


class Despatch(models.Model):
    """发货通知 (ASN): `id` is its chain's, `seq` the newest version folded in."""

    class State(models.TextChoices):
        SENT = "sent", "已发货"
        PART_RECEIVED = "part_received", "部分收货"
        RECEIVED = "received", "已收货"
        CANCELLED = "cancelled", "已取消"

    COMING = (State.SENT, State.PART_RECEIVED)

    id = models.UUIDField(primary_key=True)
    link = models.ForeignKey(SupplyLink, models.PROTECT, related_name="despatches")
    role = models.CharField(max_length=10, choices=ROLES)
    number = models.CharField(max_length=64)
    state = models.CharField(max_length=14, choices=State.choices, default=State.SENT)
    seq = models.PositiveIntegerField()
    ship_date = models.DateField()
    eta = models.DateField(null=True)
    carrier = models.CharField(max_length=100, blank=True, default="")
    tracking = models.CharField(max_length=100, blank=True, default="")
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-sent_at", "id"], name="supply_despatch_newest")]


class DespatchLine(models.Model):
    """What of one order line is in one package; zero says «not shipped». Written once."""

    despatch = models.ForeignKey(Despatch, models.CASCADE, related_name="lines")
    order = models.ForeignKey(SharedOrder, models.PROTECT, related_name="despatch_lines")
    line = models.PositiveIntegerField()
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    unit = models.CharField(max_length=64)
    lot = models.CharField(max_length=60, blank=True, default="")
    package = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=0), name="supply_despatch_line_not_negative"),
        ]
        indexes = [models.Index(fields=["order", "line"], name="supply_despatch_line_by_order")]


class Package(models.Model):
    """包装: `code` is what a scan finds, the SSCC or an own code."""

    despatch = models.ForeignKey(Despatch, models.CASCADE, related_name="packages")
    no = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, blank=True, default="")
    sscc = models.CharField(max_length=18, blank=True, default="")
    code = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["despatch", "no"], name="supply_package_no_once"),
            models.UniqueConstraint(fields=["despatch", "code"], name="supply_package_code_once"),
        ]
        indexes = [models.Index(fields=["code", "-id"], name="supply_package_by_code")]


class GoodsReceipt(models.Model):
    """收货反馈: `id` is its version's. Against an ASN it stands in the ASN's chain, else in one about the order."""

    id = models.UUIDField(primary_key=True)
    link = models.ForeignKey(SupplyLink, models.PROTECT, related_name="receipts")
    despatch = models.ForeignKey(Despatch, models.PROTECT, null=True, related_name="receipts")
    chain = models.UUIDField()
    seq = models.PositiveIntegerField()
    received_on = models.DateField()
    is_complete = models.BooleanField(default=True)
    is_reversed = models.BooleanField(default=False)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="supply_receipt_place_once")]
        indexes = [models.Index(fields=["-sent_at", "id"], name="supply_receipt_newest")]


class ReceiptLine(models.Model):
    """received + short = despatched + over once complete; accepted = received - rejected. Written once."""

    receipt = models.ForeignKey(GoodsReceipt, models.CASCADE, related_name="lines")
    order = models.ForeignKey(SharedOrder, models.PROTECT, related_name="receipt_lines")
    line = models.PositiveIntegerField()
    despatched = models.DecimalField(max_digits=18, decimal_places=4)
    received = models.DecimalField(max_digits=18, decimal_places=4)
    rejected = models.DecimalField(max_digits=18, decimal_places=4)
    short = models.DecimalField(max_digits=18, decimal_places=4)
    over = models.DecimalField(max_digits=18, decimal_places=4)
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt", "order", "line"], name="supply_receipt_line_once"),
            models.CheckConstraint(condition=Q(rejected__lte=F("received")), name="supply_rejected_within_received"),
            models.CheckConstraint(
                condition=Q(received__gte=0, rejected__gte=0, short__gte=0, over__gte=0),
                name="supply_receipt_line_not_negative",
            ),
        ]
        indexes = [models.Index(fields=["order", "line"], name="supply_receipt_line_by_order")]
