"""How this company plans and reports: one row, made when it is first read."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

SETTINGS_ID = 1


class ProductionSettings(models.Model):
    """生产设置. `report_tolerance` is a share, `time_limit_s` seconds, `overhead_rate` CNY an hour."""

    id = models.SmallIntegerField(primary_key=True, default=SETTINGS_ID)
    plan_calendar = models.CharField(max_length=64, default="24x7")
    report_tolerance = models.DecimalField(max_digits=7, decimal_places=6, default=Decimal(0))
    horizon_days = models.PositiveIntegerField(default=364)
    time_limit_s = models.PositiveIntegerField(default=60)
    workers = models.PositiveSmallIntegerField(default=2)
    overhead_rate = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    hold_partial = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=SETTINGS_ID), name="production_settings_one_row"),
            models.CheckConstraint(
                condition=Q(report_tolerance__gte=0, report_tolerance__lte=1), name="production_tolerance_is_a_share"
            ),
            models.CheckConstraint(condition=Q(horizon_days__gte=1, horizon_days__lte=1830), name="production_horizon"),
            models.CheckConstraint(condition=Q(overhead_rate__gte=0), name="production_overhead_not_negative"),
        ]
