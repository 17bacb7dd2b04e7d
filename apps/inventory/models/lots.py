"""批次 and 序列号, and what became of what."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.inventory.models.documents import StockDocument


class Lot(models.Model):
    """批次 or 序列号 of one item. `free` may be issued; `held` waits for quality; `blocked` may not be used.

    An expired lot (`expires_on` before the day of the move) is not usable either, whatever its state.
    """

    class Kind(models.TextChoices):
        LOT = "lot", _("批次")
        SERIAL = "serial", _("序列号")

    class State(models.TextChoices):
        FREE = "free", _("可用")
        HELD = "held", _("待处理")
        BLOCKED = "blocked", _("冻结")

    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=64)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    made_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    supplier_lot = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=8, choices=State.choices, default=State.FREE)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "code"], name="lot_code_once"),
            models.CheckConstraint(
                condition=Q(made_on__isnull=True) | Q(expires_on__isnull=True) | Q(expires_on__gte=F("made_on")),
                name="lot_expires_after_made",
            ),
        ]
        indexes = [
            models.Index(fields=["code"], name="lot_by_code"),
            models.Index(fields=["expires_on"], condition=Q(expires_on__isnull=False), name="lot_by_expiry"),
        ]


class LotLink(models.Model):
    """去向: `from_quantity` of one lot went into `to_quantity` of another, by `document`. Written once.

    Goods without a lot stand as `from_item` alone: a leaf of the trace.
    """

    document = models.ForeignKey(StockDocument, models.PROTECT, related_name="+")
    from_lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+", db_index=False)
    from_item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+", db_index=False)
    to_lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", db_index=False)
    from_quantity = models.DecimalField(max_digits=18, decimal_places=4)
    to_quantity = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_lot__isnull=True) | ~Q(from_lot=F("to_lot")), name="lot_link_not_to_itself"
            ),
            models.CheckConstraint(condition=Q(from_quantity__gt=0, to_quantity__gt=0), name="lot_link_quantities"),
        ]
        indexes = [
            models.Index(fields=["from_lot", "to_lot"], name="lot_link_down"),
            models.Index(fields=["to_lot", "from_lot"], name="lot_link_up"),
        ]
