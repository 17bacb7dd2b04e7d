"""Value of stock: groups, the entries that explain them, the open layers of FIFO, and values that came later."""

from django.db import models
from django.db.models import Q

from apps.inventory.models.documents import StockDocument
from apps.inventory.models.lots import Lot
from apps.inventory.models.settings import Method


class CostGroup(models.Model):
    """成本组: moves that share one cost. Key: item, warehouse (scope warehouse), lot (specific).

    `quantity` in stock units, `value` in CNY: the state after all events, the last of them on `last_on`. While a month
    of monthly average is open its issues have no entries yet and `value` runs on with the running average.
    """

    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+", db_index=False)
    warehouse = models.ForeignKey("masterdata.Warehouse", models.PROTECT, null=True, related_name="+", db_index=False)
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+", db_index=False)
    method = models.CharField(max_length=20, choices=Method.choices)
    quantity = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    value = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    last_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "warehouse", "lot"], nulls_distinct=False, name="cost_group_key_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="cost_group_not_negative"),
            models.CheckConstraint(condition=Q(value__gte=0), name="cost_group_value_not_negative"),
            models.CheckConstraint(condition=~Q(quantity=0) | Q(value=0), name="cost_group_empty_is_worth_nothing"),
        ]


class ValueEvent(models.Model):
    """A value without goods, written once: 成本调整 of a group, or what came later for a receipt.

    `adjustment`: `amount` into `group` on `dated_on`, in the ledger's order by (`dated_on`, `seq`). `landed` and
    `output` belong to receipt `move`: in an open month they count at the receipt's place; for a receipt of a closed
    month (`at_start`) the share still on hand enters at the start of `dated_on`, the first open day. `late` is the
    rest, which became expense. `reverses`: both events drop out where they stand at one place.
    """

    class Kind(models.TextChoices):
        ADJUSTMENT = "adjustment"
        LANDED = "landed"
        OUTPUT = "output"

    seq = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    document = models.ForeignKey(StockDocument, models.PROTECT, related_name="value_events", db_index=False)
    line = models.PositiveIntegerField()
    group = models.ForeignKey(CostGroup, models.PROTECT, related_name="+", db_index=False)
    move = models.ForeignKey(
        "inventory.StockMove", models.PROTECT, null=True, related_name="value_events", db_index=False
    )
    dated_on = models.DateField()
    at_start = models.BooleanField(default=False)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    late = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    posted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seq"], name="value_event_seq_once"),
            models.UniqueConstraint(fields=["reverses"], name="value_event_reversed_once"),
            models.CheckConstraint(
                condition=Q(kind="adjustment", move__isnull=True)
                | Q(kind__in=["landed", "output"], move__isnull=False),
                name="value_event_has_its_receipt",
            ),
        ]
        indexes = [
            models.Index(fields=["group", "dated_on"], name="value_event_by_group"),
            models.Index(fields=["move"], condition=Q(move__isnull=False), name="value_event_by_move"),
            models.Index(fields=["document"], name="value_event_by_document"),
        ]


class CostEntry(models.Model):
    """成本分录: one line of value, CNY, + into stock, - out of it. Written once; the sum is the value.

    `first` (with the move), `delta` (a correction), `landed`, `close` (monthly average), `late` (expense: no stock
    value). `dated_on` is the accounting date, `cause` the document that made the entry necessary (none: the close).
    `move` or `event` is set.
    """

    class Kind(models.TextChoices):
        FIRST = "first"
        DELTA = "delta"
        LANDED = "landed"
        CLOSE = "close"
        LATE = "late"

    # 100 000 deltas of one late bill are checked by a statement's trigger, not row by row.
    move = models.ForeignKey(
        "inventory.StockMove", models.PROTECT, null=True, related_name="entries", db_index=False, db_constraint=False
    )
    event = models.ForeignKey(
        ValueEvent, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    group = models.ForeignKey(CostGroup, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    dated_on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    cause = models.ForeignKey(
        StockDocument, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    posted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(move__isnull=False) | Q(event__isnull=False), name="cost_entry_belongs_to_something"
            ),
            models.CheckConstraint(
                condition=~Q(amount=0) | Q(kind__in=["first", "close"]), name="cost_entry_says_something"
            ),
        ]
        indexes = [
            models.Index(fields=["group", "dated_on"], include=["move", "amount", "kind"], name="cost_entry_by_group"),
            models.Index(fields=["move"], include=["amount", "kind"], name="cost_entry_by_move"),
            models.Index(fields=["cause"], name="cost_entry_by_cause"),
            models.Index(fields=["dated_on", "id"], name="cost_entry_by_day"),
        ]


class CostLayer(models.Model):
    """先进先出's open layers: what is left of receipt `move`. Rebuilt by the fold; order is (`moved_on`, `move`)."""

    group = models.ForeignKey(CostGroup, models.PROTECT, related_name="+", db_index=False)
    move = models.ForeignKey("inventory.StockMove", models.PROTECT, related_name="+", db_index=False)
    moved_on = models.DateField()
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    value = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["move"], name="cost_layer_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="cost_layer_holds_something"),
            models.CheckConstraint(condition=Q(value__gte=0), name="cost_layer_value_not_negative"),
        ]
        indexes = [models.Index(fields=["group", "moved_on", "move"], name="cost_layer_order")]
