"""What happened on the shop floor, written once: 报工, 领料 and 入库 of an order, 计件单价 and 计件工资."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.production.models.shop import MONEY, QUANTITY, WorkOrder, WorkOrderMaterial, WorkOrderStep

RATE: dict[str, Any] = {"max_digits": 18, "decimal_places": 6}


class Report(models.Model):
    """报工 of one step. A mistake is taken back by a row with all counts negative (`undoes`), at most one a report.

    `workers` [{employee_id, employee (code), weight (text)}]. `reported_on`, the day of `ended_at`, decides rates and
    wages. `scrap_is_paid`: 料废, the scrap is not the worker's. `key` comes from the sender: same key, same report.
    """

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="reports")
    step = models.ForeignKey(WorkOrderStep, models.PROTECT, related_name="reports")
    good = models.DecimalField(**QUANTITY)
    scrap = models.DecimalField(**QUANTITY, default=0)
    scrap_reason = models.CharField(max_length=200, blank=True, default="")
    scrap_is_paid = models.BooleanField(default=False)
    rework = models.DecimalField(**QUANTITY, default=0)
    workers = models.JSONField(default=list, blank=True)
    work_centre = models.ForeignKey("production.WorkCentre", models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField()
    minutes = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    reported_on = models.DateField()
    key = models.CharField(max_length=100, blank=True, default="")
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="undoings", db_index=False)
    reason = models.CharField(max_length=200, blank=True, default="")
    reported_by_id = models.BigIntegerField(null=True)
    reported_by_name = models.CharField(max_length=80, blank=True, default="")
    reported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="report_key_once"),
            models.UniqueConstraint(fields=["undoes"], condition=Q(undoes__isnull=False), name="report_undone_once"),
            models.CheckConstraint(
                condition=Q(undoes__isnull=True, good__gte=0, scrap__gte=0, rework__gte=0)
                | Q(undoes__isnull=False, good__lte=0, scrap__lte=0, rework__lte=0),
                name="report_counts_have_one_sign",
            ),
        ]
        indexes = [
            models.Index(fields=["reported_on", "id"], name="report_by_day"),
            models.Index(fields=["reported_by_id", "-id"], name="report_by_reporter"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class WorkOrderMove(models.Model):
    """One ledger line of stock that an order caused: what it took, gave back or handed in.

    `quantity` > 0 in the item's stock unit; `amount` CNY as it was at posting, null while stock values it later
    (monthly average) or without the inventory module. `document_id` and `move_id` are inventory's; 0 without it.
    `origin`: the row whose goods come back.
    """

    class Kind(models.TextChoices):
        ISSUE = "issue", _("领料")
        RETURN = "return", _("退料")
        BACKFLUSH = "backflush", _("倒冲")
        BACKFLUSH_UNDO = "backflush_undo", _("倒冲退回")
        RECEIPT = "receipt", _("完工入库")

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    document_id = models.BigIntegerField()
    document = models.CharField(max_length=40, blank=True, default="")
    move_id = models.BigIntegerField(default=0)
    origin = models.ForeignKey("self", models.PROTECT, null=True, related_name="given_back")
    material = models.ForeignKey(WorkOrderMaterial, models.PROTECT, null=True, related_name="+")
    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+")
    warehouse = models.ForeignKey("masterdata.Warehouse", models.PROTECT, null=True, related_name="+")
    quantity = models.DecimalField(**QUANTITY)
    amount = models.DecimalField(**MONEY, null=True)
    lot = models.CharField(max_length=64, blank=True, default="")
    lot_id = models.BigIntegerField(null=True)
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="moves")
    reason = models.CharField(max_length=200, blank=True, default="")
    moved_on = models.DateField()
    moved_by_id = models.BigIntegerField(null=True)
    moved_by_name = models.CharField(max_length=80, blank=True, default="")
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="work_order_move_moves_something")]


class PieceRate(models.Model):
    """计件单价: CNY a piece of one step of an item, from a day on; the last row of a day is the one in force.

    `tiers` [{from, rate}] as text: pieces above `from` of the worker's day are paid at that rate.
    """

    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    rate = models.DecimalField(**RATE)
    valid_from = models.DateField()
    tiers = models.JSONField(default=list, blank=True)
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=80, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(rate__gte=0), name="piece_rate_not_negative")]
        indexes = [models.Index(fields=["item", "seq", "-valid_from", "-id"], name="piece_rate_in_force")]

    @property
    def steps(self) -> list[dict[str, str]]:
        """The tiers as a page reads them: `from` is no name there."""
        return [{"start": tier["from"], "rate": tier["rate"]} for tier in self.tiers]


class WageLine(models.Model):
    """计件工资: what one worker earned by one report; an undo writes the negative.

    `worked_on` is the report's day, `paid_on` the day whose month pays it: later than `worked_on` only when an undo
    meets a settled month. `quantity` counts good pieces and paid scrap; `amount` in CNY.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="wages")
    employee = models.ForeignKey("masterdata.Employee", models.PROTECT, related_name="+")
    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    worked_on = models.DateField()
    paid_on = models.DateField()
    quantity = models.DecimalField(**QUANTITY)
    rate = models.DecimalField(**RATE)
    amount = models.DecimalField(**MONEY)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "employee"], name="wage_line_once_a_report")]
        indexes = [
            models.Index(fields=["employee", "worked_on", "item", "seq"], name="wage_line_of_a_day"),
            models.Index(fields=["paid_on", "employee", "id"], name="wage_line_by_month"),
        ]


class WageSettlement(models.Model):
    """A settled month of piece wages: no line is added to it any more."""

    month = models.CharField(max_length=7)
    line_count = models.IntegerField()
    quantity = models.DecimalField(max_digits=22, decimal_places=4)
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    settled_by_id = models.BigIntegerField(null=True)
    settled_by_name = models.CharField(max_length=80, blank=True, default="")
    settled_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month"], name="wage_month_settled_once")]
