"""Dated rates and rules, and what the company changes about the shipped statements."""

from django.db import models
from django.db.models import F, Q

from apps.finance.models.book import Authored, Period


class ExchangeRate(Authored):
    """汇率: CNY for one unit of the currency on a day."""

    currency = models.CharField(max_length=3)
    on = models.DateField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    source = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "on"], name="finance_rate_once"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="finance_rate_positive"),
        ]


class TaxRule(models.Model):
    """税率、征收率、起征点、优惠 by date. `comparison` (`<=`, `<`) on thresholds only; valid_to null = open."""

    rule = models.CharField(max_length=30)
    applies_to = models.CharField(max_length=20)
    label = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=18, decimal_places=4)
    comparison = models.CharField(max_length=2, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    scope = models.CharField(max_length=200, blank=True, default="")
    source = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "applies_to", "label", "valid_from"], name="finance_tax_rule_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="finance_tax_rule_span"
            ),
        ]


class StatementLine(Authored):
    """报表项目 as the company changed it from a month on; what it leaves alone comes from the shipped form."""

    form = models.CharField(max_length=12)
    line = models.SmallIntegerField()
    valid_from = models.DateField()
    name = models.CharField(max_length=80, blank=True, default="")
    formula = models.CharField(max_length=500, blank=True, default="")
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "line", "valid_from"], name="finance_statement_line_once")
        ]


class StatementCheck(Authored):
    """勾稽关系 as the company changed it from a month on: added, or switched off with a reason."""

    form = models.CharField(max_length=12)
    rule = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    valid_from = models.DateField()
    is_active = models.BooleanField(default=True)
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "rule", "valid_from"], name="finance_statement_check_once")
        ]


class Reclassification(Authored):
    """报表重分类: moves an amount between two lines of one side of the sheet of one period. Written once."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    from_line = models.SmallIntegerField()
    to_line = models.SmallIntegerField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(from_line=F("to_line")), name="finance_reclassification_two_lines")
        ]
