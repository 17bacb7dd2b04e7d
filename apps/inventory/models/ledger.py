"""出入库流水 and what it adds up to."""

from django.db import models
from django.db.models import F, Q

from apps.inventory.models.costing import CostGroup
from apps.inventory.models.documents import Reason, StockDocument
from apps.inventory.models.lots import Lot


class StockMove(models.Model):
    """出入库流水: one line of the stock ledger. Written once; a mistake is reversed, not edited.

    `quantity` is in stock units, + in, - out; the order of the ledger is (`moved_on`, `id`), `id` being the `seq` of
    the API. `lot` is the lot or, for an item with serials, the one serial. `group` is where the value sits. `costing`
    says where the amount comes from: `given` (`given_amount`, CNY), `average` (a gain without cost), `issue`, `return`
    (a share of the amount of `feeder`), `pair` (the other leg `feeder` of a transfer), `share` (output of an assembly),
    `mirror` (reversal on the same date: both drop out), `none` (stays in its group). `part` counts lots in a line.
    """

    class Costing(models.TextChoices):
        GIVEN = "given"
        AVERAGE = "average"
        ISSUE = "issue"
        RETURN = "return"
        PAIR = "pair"
        SHARE = "share"
        MIRROR = "mirror"
        NONE = "none"

    document = models.ForeignKey(StockDocument, models.PROTECT, related_name="moves", db_index=False)
    line = models.PositiveIntegerField()
    part = models.PositiveIntegerField(default=1)
    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+", db_index=False)
    warehouse = models.ForeignKey("masterdata.Warehouse", models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey("masterdata.Location", models.PROTECT, null=True, related_name="+", db_index=False)
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+", db_index=False)
    group = models.ForeignKey(CostGroup, models.PROTECT, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    moved_on = models.DateField()
    intended_on = models.DateField(null=True)
    posted_at = models.DateTimeField()
    posted_by_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    costing = models.CharField(max_length=8, choices=Costing.choices)
    given_amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    origin = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    feeder = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "line", "part"], name="stock_move_once"),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="stock_move_reversed_once"
            ),
            models.CheckConstraint(condition=~Q(quantity=0), name="stock_move_moves_something"),
            models.CheckConstraint(
                condition=Q(costing="given", given_amount__isnull=False) | (~Q(costing="given") & Q(given_amount=None)),
                name="stock_move_given_has_amount",
            ),
        ]
        indexes = [
            models.Index(fields=["group", "moved_on", "id"], name="stock_move_by_group"),
            models.Index(fields=["item", "warehouse", "moved_on", "id"], name="stock_move_by_item"),
            # What moved in some days is added up from the index alone.
            models.Index(
                fields=["moved_on", "id"],
                include=["item", "warehouse", "location", "lot", "quantity"],
                name="stock_move_by_day",
            ),
            models.Index(fields=["lot", "moved_on", "id"], condition=Q(lot__isnull=False), name="stock_move_by_lot"),
            models.Index(fields=["feeder"], condition=Q(feeder__isnull=False), name="stock_move_by_feeder"),
            models.Index(fields=["origin"], condition=Q(origin__isnull=False), name="stock_move_by_origin"),
        ]


class Level(models.Model):
    """现存量 of an item in a warehouse: the row that every move and every reservation there locks first.

    `reserved` is the open part of all active reservations; `last_on` the date of the latest move.
    """

    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+", db_index=False)
    warehouse = models.ForeignKey("masterdata.Warehouse", models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    reserved = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    last_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "warehouse"], name="stock_level_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="stock_level_not_negative"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, reserved__lte=F("quantity")), name="stock_level_reserved_is_there"
            ),
        ]


class Balance(models.Model):
    """现存量 by location and lot; its rows sum to `Level`. `is_serial`: `lot` is a serial number.

    `first_on` is the day of the first receipt of this key (FEFO's second criterion), `last_on` of the latest move.
    """

    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+", db_index=False)
    warehouse = models.ForeignKey("masterdata.Warehouse", models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey("masterdata.Location", models.PROTECT, null=True, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="balances")
    is_serial = models.BooleanField(default=False)
    quantity = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "warehouse", "location", "lot"], nulls_distinct=False, name="stock_balance_once"
            ),
            models.UniqueConstraint(
                fields=["lot"], condition=Q(is_serial=True, quantity__gt=0), name="stock_balance_serial_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="stock_balance_not_negative"),
            models.CheckConstraint(
                condition=Q(is_serial=False) | Q(quantity__lte=1), name="stock_balance_serial_is_one"
            ),
        ]
