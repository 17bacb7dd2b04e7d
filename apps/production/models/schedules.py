"""排产: one run of finite scheduling and where it puts each step. The published one is the plan of the shop."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.production.models.capacity import WorkCentre


class Schedule(models.Model):
    """排产方案. Minutes are whole; `tardiness_minutes` counts working out what is late against the end of the due day.

    `basis` [[order id, order version]] is what it was computed from, `late` the explanations of late orders as JSON.
    `status`: what the answer is worth: optimal, feasible, or dispatch (rules). `is_published`: the plan in force.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("已取消")

    class Objective(models.TextChoices):
        LATENESS = "lateness", _("少延误")
        MAKESPAN = "makespan", _("最早完工")

    scenario = models.BigIntegerField(null=True, blank=True)
    base_run = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    start_at = models.DateTimeField()
    frozen_until = models.DateTimeField(null=True, blank=True)
    objective = models.CharField(max_length=10, choices=Objective.choices, default=Objective.LATENESS)
    time_limit_s = models.PositiveIntegerField(default=60)
    seed = models.PositiveIntegerField(default=0)
    orders = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    status = models.CharField(max_length=10, blank=True, default="")
    steps = models.PositiveIntegerField(default=0)
    makespan_minutes = models.BigIntegerField(default=0)
    lower_bound = models.BigIntegerField(default=0)
    tardiness_minutes = models.BigIntegerField(default=0)
    late_orders = models.PositiveIntegerField(default=0)
    moved_steps = models.PositiveIntegerField(default=0)
    seconds = models.DecimalField(max_digits=10, decimal_places=3, null=True, blank=True)
    error = models.CharField(max_length=500, blank=True, default="")
    basis = models.JSONField(default=list, blank=True)
    late = models.JSONField(default=list, blank=True)
    cancel_asked = models.BooleanField(default=False)
    job_id = models.BigIntegerField(null=True, blank=True)
    is_published = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by_name = models.CharField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_published"], condition=Q(is_published=True), name="production_schedule_one_published"
            ),
            models.CheckConstraint(
                condition=Q(is_published=False) | Q(published_at__isnull=False), name="production_schedule_published_at"
            ),
        ]


class ScheduledStep(models.Model):
    """One step in a schedule, `start_at` to `end_at` with the breaks between. `unit` counts from 1, 0 = no capacity.

    The order's id, number and quantity are kept as they were. Steps of the published schedule never share a place
    (exclusion constraint).
    """

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="scheduled_steps")
    work_order_id = models.BigIntegerField()
    work_order = models.CharField(max_length=40)
    step_id = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    work_centre = models.ForeignKey(WorkCentre, models.PROTECT, related_name="+")
    unit = models.PositiveIntegerField(default=1)
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    setup_minutes = models.PositiveIntegerField(default=0)
    work_minutes = models.PositiveIntegerField(default=0)
    frozen = models.BooleanField(default=False)
    pinned = models.BooleanField(default=False)
    moved = models.BooleanField(default=False)
    published = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "step_id"], name="production_scheduled_once"),
            models.CheckConstraint(condition=Q(end_at__gte=F("start_at")), name="production_scheduled_ends_after"),
        ]
        indexes = [models.Index(fields=["schedule", "start_at", "id"], name="production_scheduled_in_time")]
