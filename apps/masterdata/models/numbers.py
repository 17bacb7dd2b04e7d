"""编号规则 and the numbers that were given out."""

from django.db import models
from django.db.models import Q

from apps.masterdata.domain.number_rules import MAX_NUMBER_LENGTH, Reset


class NumberRule(models.Model):
    """How the numbers of one kind of document look; changing it never renumbers."""

    RESETS = (
        (Reset.NEVER.value, "不重新编号"),
        (Reset.YEAR.value, "每年"),
        (Reset.MONTH.value, "每月"),
        (Reset.DAY.value, "每天"),
    )

    document = models.CharField(max_length=40)
    pattern = models.CharField(max_length=100)
    reset = models.CharField(max_length=10, choices=RESETS, default=Reset.NEVER.value)
    gapless = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document"], name="number_rule_document_once")]


class IssuedNumber(models.Model):
    """A number that was given out: never given again, whatever becomes of the rule or the document.

    `sequence` is the place of the number in `counter`; the highest one says which comes next. Both are empty for a
    number that is random throughout.
    """

    document = models.CharField(max_length=40)
    scope = models.CharField(max_length=80, blank=True, default="")
    number = models.CharField(max_length=MAX_NUMBER_LENGTH * 2)
    counter = models.CharField(max_length=200, blank=True, default="")
    sequence = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "scope", "number"], name="issued_number_once"),
            models.UniqueConstraint(
                fields=["counter", "sequence"], condition=Q(sequence__isnull=False), name="issued_number_in_turn"
            ),
        ]
