"""One run of material planning and what it proposes. Rows of a run are written once and go with their run.

A run may hold millions of figures; what is only read item by item is packed into one row an item
(`apps.production.packing`). Foreign keys of these rows are checked by the run itself, not row by row.
"""

from decimal import Decimal

from django.db import models
from django.db.models import Q


class PlanRun(models.Model):
    """需求计算: a whole plan as of `start_on`. `is_current`: the last live run, the proposal in force."""

    class State(models.TextChoices):
        QUEUED = "queued", "排队中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "失败"
        CANCELLED = "cancelled", "已取消"

    scenario = models.BigIntegerField(null=True, blank=True)
    start_on = models.DateField()
    horizon_days = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    is_current = models.BooleanField(default=False)
    items = models.PositiveIntegerField(default=0)
    orders = models.PositiveIntegerField(default=0)
    messages = models.PositiveIntegerField(default=0)
    seconds = models.DecimalField(max_digits=10, decimal_places=3, null=True, blank=True)
    error = models.CharField(max_length=500, blank=True, default="")
    job_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="production_planrun_one_current"
            ),
            models.CheckConstraint(condition=Q(horizon_days__gte=1), name="production_planrun_horizon"),
        ]


class PlannedOrder(models.Model):
    """计划订单: make or buy `quantity` to be there on `due_on`. `past_due_days`: days that the lead time lacks.

    `id` = run x 10 000 000 + place in the run, by release day, due day: a run is a span of ids, and by id it is listed.
    An index by run and day would cost the server a third of what the orders cost. `released_as`: what it became, once.
    """

    class Kind(models.TextChoices):
        MAKE = "make", "自制"
        BUY = "buy", "采购"

    id = models.BigIntegerField(primary_key=True)
    run = models.ForeignKey(
        PlanRun, models.DO_NOTHING, related_name="planned_orders", db_constraint=False, db_index=False
    )
    item = models.ForeignKey(
        "masterdata.Item", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=4, choices=Kind.choices)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    release_on = models.DateField()
    due_on = models.DateField()
    past_due_days = models.PositiveIntegerField(default=0)
    level = models.PositiveSmallIntegerField(default=0)
    firm = models.BooleanField(default=False)
    released_as = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="production_planned_positive"),
        ]
        indexes = [
            models.Index(fields=["released_as"], condition=~Q(released_as=""), name="production_planned_released"),
        ]


class PlanReceipt(models.Model):
    """An open order that a run counted on: due as it stands, `need_on` as it is needed, None when it is not needed."""

    id = models.BigIntegerField(primary_key=True)
    run = models.ForeignKey(PlanRun, models.DO_NOTHING, related_name="receipts", db_constraint=False)
    item = models.ForeignKey(
        "masterdata.Item", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=64)
    line = models.PositiveIntegerField(default=0)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    due_on = models.DateField()
    need_on = models.DateField(null=True, blank=True)


class PlanRow(models.Model):
    """One item of a run; `days` packs its figures of each day on which something happens, `orders` the ids of its
    planned orders (an index by item would take as long to fill as the orders themselves), NULL in runs before it did.
    """

    run = models.ForeignKey(PlanRun, models.DO_NOTHING, related_name="rows", db_constraint=False, db_index=False)
    item = models.ForeignKey(
        "masterdata.Item", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    level = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=4, default="buy")
    on_hand = models.DecimalField(max_digits=18, decimal_places=4, default=Decimal(0))
    safety_stock = models.DecimalField(max_digits=18, decimal_places=4, default=Decimal(0))
    days = models.BinaryField()
    orders = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "item"], name="production_planrow_once")]


class Peg(models.Model):
    """供需关联 of one item of a run: `edges` packs which supply serves which requirement, and how much of it."""

    run = models.ForeignKey(PlanRun, models.DO_NOTHING, related_name="pegs", db_constraint=False, db_index=False)
    item = models.ForeignKey(
        "masterdata.Item", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    edges = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "item"], name="production_peg_once")]


class PlanMessage(models.Model):
    """计划提示: what a person should do or know. `order_kind`, `order_number` name the order or demand it speaks of."""

    run = models.ForeignKey(
        PlanRun, models.DO_NOTHING, related_name="plan_messages", db_constraint=False, db_index=False
    )
    code = models.CharField(max_length=20)
    item = models.ForeignKey(
        "masterdata.Item", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    order_kind = models.CharField(max_length=20, blank=True, default="")
    order_number = models.CharField(max_length=64, blank=True, default="")
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    days = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["run", "code", "item", "id"], name="production_message_by_run")]
