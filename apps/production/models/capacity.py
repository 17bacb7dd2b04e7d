"""Capacity: 工作日历, 工作中心 and 工艺路线."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

MINUTES: dict[str, Any] = {"max_digits": 18, "decimal_places": 6, "default": Decimal(0)}
WEEK_MINUTES = 7 * 1440


class Calendar(models.Model):
    """工作日历: when work is done, in Shanghai time; `24x7` is there from the start."""

    code = models.CharField(max_length=64)
    code_key = models.CharField(max_length=192)
    name = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code_key"], name="production_calendar_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CalendarShift(models.Model):
    """班次 of the ordinary week: minutes from Monday 00:00. A shift over midnight ends in the next day.

    Shifts of a calendar share no minute (the database keeps it; a Sunday shift over the week's end is checked by the
    service as well).
    """

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="shifts")
    from_minute = models.PositiveIntegerField()
    to_minute = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_minute__lt=WEEK_MINUTES, to_minute__gt=F("from_minute"))
                & Q(to_minute__lte=F("from_minute") + 1440),
                name="production_shift_has_a_length",
            )
        ]


class CalendarException(models.Model):
    """A day that differs: `shifts` [[from, to]] in minutes of the day (over midnight: above 1440), none = closed."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="exceptions")
    on = models.DateField()
    shifts = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "on"], name="production_calendar_day_once")]


class WorkCentre(models.Model):
    """工作中心: `units` equal places that work side by side. Rates are CNY an hour, `efficiency` 1 = as planned.

    `overhead_rate` null = the company's. `setup_matrix` {from group: {to group: minutes}} where change-over depends on
    what was made before; empty = every step brings its own set-up.
    """

    class Kind(models.TextChoices):
        MACHINE = "machine", _("设备")
        LINE = "line", _("产线")
        BENCH = "bench", _("工位")
        PERSON = "person", _("人员")
        SUBCONTRACT = "subcontract", _("委外")

    code = models.CharField(max_length=64)
    code_key = models.CharField(max_length=192)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.MACHINE)
    units = models.PositiveIntegerField(default=1)
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+")
    efficiency = models.DecimalField(max_digits=9, decimal_places=4, default=Decimal(1))
    machine_rate = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    labour_rate = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    overhead_rate = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    setup_matrix = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code_key"], name="production_work_centre_code_once"),
            models.CheckConstraint(condition=Q(units__gte=1, units__lte=500), name="production_work_centre_units"),
            models.CheckConstraint(condition=Q(efficiency__gt=0), name="production_work_centre_efficient"),
            models.CheckConstraint(
                condition=Q(machine_rate__gte=0, labour_rate__gte=0)
                & (Q(overhead_rate__isnull=True) | Q(overhead_rate__gte=0)),
                name="production_work_centre_rates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Routing(models.Model):
    """工艺路线: one version of how an item is made. draft → active → retired; active versions share no day.

    Orders copy it at release, so later edits do not reach into them.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        ACTIVE = "active", _("启用")
        RETIRED = "retired", _("停用")

    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+")
    version = models.CharField(max_length=20)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version_no = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="production_routing_version_once"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="production_routing_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.code} {self.version}"


class RoutingStep(models.Model):
    """工序. Minutes: `run_minutes` a stock unit, `queue_minutes` of waiting after it.

    `overlap_quantity`: so many pieces are passed on at a time (null = the whole lot). `alternatives`
    [{work_centre (code), setup_minutes, run_minutes, fixed_minutes}] with text values, the preferred first.
    `subcontract` {partner (code), lead_days, price} or null: it takes days, no capacity.
    """

    class Inspect(models.TextChoices):
        NONE = "none", _("不检")
        FIRST = "first", _("首检")
        SAMPLE = "sample", _("抽检")
        ALL = "all", _("全检")

    routing = models.ForeignKey(Routing, models.CASCADE, related_name="steps")
    seq = models.PositiveIntegerField()
    name = models.CharField(max_length=100, blank=True, default="")
    work_centre = models.ForeignKey(WorkCentre, models.PROTECT, related_name="+")
    setup_minutes = models.DecimalField(**MINUTES)
    run_minutes = models.DecimalField(**MINUTES)
    fixed_minutes = models.DecimalField(**MINUTES)
    queue_minutes = models.DecimalField(**MINUTES)
    overlap_quantity = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    alternatives = models.JSONField(default=list, blank=True)
    setup_group = models.CharField(max_length=40, blank=True, default="")
    inspect = models.CharField(max_length=10, choices=Inspect.choices, default=Inspect.NONE)
    subcontract = models.JSONField(null=True, blank=True)
    report_point = models.BooleanField(default=True)
    piece_rate = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["routing", "seq"], name="production_routing_step_once"),
            models.CheckConstraint(
                condition=Q(setup_minutes__gte=0, run_minutes__gte=0, fixed_minutes__gte=0, queue_minutes__gte=0),
                name="production_routing_step_minutes",
            ),
            models.CheckConstraint(
                condition=Q(overlap_quantity__isnull=True) | Q(overlap_quantity__gt=0),
                name="production_routing_step_overlap",
            ),
        ]
