"""What is promised: reserved to somebody, expected to come, committed to go."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.inventory.models.lots import Lot


class Reservation(models.Model):
    """预留: `quantity - used` of an item in a warehouse (perhaps of one lot or serial) is kept for somebody.

    `for_kind`, `for_number`, `for_line` name who: ("sales_order", "SO2606-01", "1"). After `until` it has expired.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("有效")
        CONSUMED = "consumed", _("已领完")
        RELEASED = "released", _("已释放")
        EXPIRED = "expired", _("已过期")

    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+", db_index=False)
    warehouse = models.ForeignKey("masterdata.Warehouse", models.PROTECT, related_name="+", db_index=False)
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+", db_index=False)
    is_serial = models.BooleanField(default=False)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    used = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    for_kind = models.CharField(max_length=40, blank=True, default="")
    for_number = models.CharField(max_length=80, blank=True, default="")
    for_line = models.CharField(max_length=40, blank=True, default="")
    until = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=80, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, used__gte=0, used__lte=F("quantity")), name="reservation_used_within"
            ),
            models.UniqueConstraint(
                fields=["lot"], condition=Q(is_serial=True, state="active"), name="reservation_serial_once"
            ),
        ]
        indexes = [
            models.Index(fields=["item", "warehouse"], condition=Q(state="active"), name="reservation_active"),
            models.Index(fields=["for_kind", "for_number"], name="reservation_for"),
            models.Index(fields=["until"], condition=Q(state="active", until__isnull=False), name="reservation_until"),
        ]


class Promise(models.Model):
    """One row of somebody's plan: `quantity` stock units of `item` on `due_on`; `source_*` name its line."""

    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+", db_index=False)
    warehouse = models.ForeignKey("masterdata.Warehouse", models.PROTECT, null=True, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    due_on = models.DateField()
    source_kind = models.CharField(max_length=40)
    source_number = models.CharField(max_length=80)
    source_line = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        abstract = True


class ExpectedReceipt(Promise):
    """预计入库: written by purchase orders, pushed down by production and supply. `received` has come already."""

    received = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    firm = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_number", "source_line"], name="expected_source_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0, received__gte=0), name="expected_quantities"),
        ]
        indexes = [models.Index(fields=["item", "due_on"], name="expected_by_item")]


class Commitment(Promise):
    """已承诺: confirmed sales lines not shipped, demands pushed by production. `done` has left already."""

    done = models.DecimalField(max_digits=18, decimal_places=4, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_number", "source_line"], name="commitment_source_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0, done__gte=0), name="commitment_quantities"),
        ]
        indexes = [models.Index(fields=["item", "due_on"], name="commitment_by_item")]
