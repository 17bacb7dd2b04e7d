"""生产工单: what the shop makes, step by step and from what; what was reported, moved and paid for it."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

QUANTITY: dict[str, Any] = {"max_digits": 18, "decimal_places": 4}
MINUTES: dict[str, Any] = {"max_digits": 18, "decimal_places": 6, "default": 0}
MONEY: dict[str, Any] = {"max_digits": 18, "decimal_places": 2}


class WorkOrder(models.Model):
    """生产工单. Quantities are in the item's stock unit; `priority` 1 is most urgent, 9 least.

    draft → released → started → completed → closed, with on_hold (`held_from` keeps where) and cancelled beside them.
    `own_steps`, `own_materials`: typed with the order instead of copied from routing and BOM at release.
    `good` counts the last report point, `scrap` all steps, `received` what went to stock.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        RELEASED = "released", _("已下达")
        STARTED = "started", _("生产中")
        ON_HOLD = "on_hold", _("暂停")
        COMPLETED = "completed", _("已完工")
        CLOSED = "closed", _("已关闭")
        CANCELLED = "cancelled", _("已取消")

    OPEN = (State.DRAFT, State.RELEASED, State.STARTED, State.ON_HOLD)

    number = models.CharField(max_length=40)
    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+")
    bom = models.ForeignKey("production.Bom", models.PROTECT, null=True, related_name="+")
    routing = models.ForeignKey("production.Routing", models.PROTECT, null=True, related_name="+")
    own_steps = models.BooleanField(default=False)
    own_materials = models.BooleanField(default=False)
    quantity = models.DecimalField(**QUANTITY)
    good = models.DecimalField(**QUANTITY, default=0)
    scrap = models.DecimalField(**QUANTITY, default=0)
    received = models.DecimalField(**QUANTITY, default=0)
    start_on = models.DateField(null=True)
    due_on = models.DateField()
    priority = models.PositiveSmallIntegerField(default=5)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    held_from = models.CharField(max_length=10, blank=True, default="")
    warehouse = models.ForeignKey("masterdata.Warehouse", models.PROTECT, null=True, related_name="+")
    sales_order = models.CharField(max_length=40, blank=True, default="")
    sales_line = models.IntegerField(null=True)
    reference = models.CharField(max_length=120, blank=True, default="")
    planned_order_id = models.BigIntegerField(null=True)
    released_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=80, blank=True, default="")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="work_order_number_once"),
            models.UniqueConstraint(
                fields=["planned_order_id"],
                condition=Q(planned_order_id__isnull=False),
                name="work_order_of_planned_order_once",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="work_order_makes_something"),
            models.CheckConstraint(
                condition=Q(good__gte=0, scrap__gte=0, received__gte=0), name="work_order_counts_not_negative"
            ),
            models.CheckConstraint(condition=Q(priority__gte=1, priority__lte=9), name="work_order_priority_1_to_9"),
        ]
        indexes = [
            models.Index(fields=["state", "priority", "due_on", "id"], name="work_order_by_urgency"),
            models.Index(fields=["due_on", "id"], name="work_order_by_due"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def left(self) -> Decimal:
        """Pieces still to be made."""
        return max(Decimal(0), self.quantity - self.good)

    @property
    def tone(self) -> str:
        """The colour of its state word."""
        return {"released": "blue", "started": "blue", "on_hold": "orange", "completed": "green"}.get(
            self.state, "grey"
        )


class WorkOrderStep(models.Model):
    """工序 of one order. `input` is what came in (see `domain.reporting`), kept here so that the row can guard itself.

    `run_minutes` is per unit. `alternatives` [{work_centre (code), setup_minutes, run_minutes, fixed_minutes}] with
    text values; `subcontract` {partner, lead_days, price} or null. `planned_*` come from the published plan.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("未开始")
        STARTED = "started", _("生产中")
        DONE = "done", _("已完工")

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="steps")
    seq = models.PositiveIntegerField()
    name = models.CharField(max_length=100, blank=True, default="")
    work_centre = models.ForeignKey("production.WorkCentre", models.PROTECT, related_name="+")
    setup_minutes = models.DecimalField(**MINUTES)
    run_minutes = models.DecimalField(**MINUTES)
    fixed_minutes = models.DecimalField(**MINUTES)
    queue_minutes = models.DecimalField(**MINUTES)
    overlap_quantity = models.DecimalField(**QUANTITY, null=True)
    alternatives = models.JSONField(default=list, blank=True)
    setup_group = models.CharField(max_length=40, blank=True, default="")
    inspect = models.CharField(max_length=10, default="none")
    subcontract = models.JSONField(null=True)
    report_point = models.BooleanField(default=True)
    piece_rate = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    input = models.DecimalField(**QUANTITY, default=0)
    good = models.DecimalField(**QUANTITY, default=0)
    scrap = models.DecimalField(**QUANTITY, default=0)
    rework = models.DecimalField(**QUANTITY, default=0)
    tolerance = models.DecimalField(max_digits=9, decimal_places=8, default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    planned_start = models.DateTimeField(null=True)
    planned_end = models.DateTimeField(null=True)
    pinned = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "seq"], name="work_order_step_once"),
            models.CheckConstraint(
                condition=Q(good__gte=0, scrap__gte=0, rework__gte=0, tolerance__gte=0),
                name="work_order_step_counts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(good__lte=F("input") * (1 + F("tolerance")) - F("scrap")),
                name="work_order_step_not_over_input",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.name}".strip()

    @property
    def left(self) -> Decimal:
        """Pieces that came in and were not reported yet."""
        return max(Decimal(0), self.input - self.good - self.scrap)


class WorkOrderMaterial(models.Model):
    """用料 of one order: `required` = round up(`per_unit` x order quantity + `fixed`), stock unit of the item.

    `per_unit` and `fixed` are exact fractions as text (`"11/10"`), so that a changed quantity is computed anew without
    the BOM. `issued` includes what was back-flushed; net use = issued - returned. `step_seq`: the step that uses it.
    """

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="materials")
    line = models.PositiveIntegerField()
    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+")
    per_unit = models.CharField(max_length=80, default="0")
    fixed = models.CharField(max_length=80, default="0")
    required = models.DecimalField(**QUANTITY, default=0)
    issued = models.DecimalField(**QUANTITY, default=0)
    returned = models.DecimalField(**QUANTITY, default=0)
    backflushed = models.DecimalField(**QUANTITY, default=0)
    backflush = models.BooleanField(default=False)
    step_seq = models.PositiveIntegerField(null=True)
    alternates = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "line"], name="work_order_material_once"),
            models.CheckConstraint(
                condition=Q(required__gte=0, returned__gte=0, backflushed__gte=0, issued__gte=F("returned")),
                name="work_order_material_not_negative",
            ),
        ]

    @property
    def used(self) -> Decimal:
        return self.issued - self.returned

    @property
    def open(self) -> Decimal:
        """Still to be taken from stock."""
        return max(Decimal(0), self.required - self.used)

    @property
    def per_unit_exact(self) -> Fraction:
        return Fraction(self.per_unit)

    @property
    def fixed_exact(self) -> Fraction:
        return Fraction(self.fixed)
