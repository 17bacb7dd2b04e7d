"""物料清单: what one lot of an item is made of, in versions."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q


class Bom(models.Model):
    """One version of an item's bill: `lines` make `base_quantity` stock units of `item`.

    draft → active → retired. Active versions of an item do not overlap in time (the database keeps it). Once an
    order has copied a version (`is_used`) its lines are frozen. `valid_from`, `valid_to` are both included.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        ACTIVE = "active", "启用"
        RETIRED = "retired", "停用"

    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+")
    version = models.CharField(max_length=20)
    base_quantity = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(1))
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    is_used = models.BooleanField(default=False)
    version_no = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="production_bom_version_once"),
            models.CheckConstraint(condition=Q(base_quantity__gt=0), name="production_bom_base_positive"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="production_bom_range",
            ),
        ]
        indexes = [models.Index(fields=["state", "item"], name="production_bom_by_state")]

    def __str__(self) -> str:
        return f"{self.item.code} {self.version}"


class BomLine(models.Model):
    """One component: `quantity` of `unit` (empty = the component's stock unit) for the bill's base quantity.

    `scrap_rate` is a share on top, `fixed_quantity` is needed once an order. `phantom` None = as the item says.
    `operation` is the step that uses it, `backflush`: it is taken when that step is reported.
    """

    bom = models.ForeignKey(Bom, models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField()
    component = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=64, blank=True, default="")
    scrap_rate = models.DecimalField(max_digits=12, decimal_places=6, default=Decimal(0))
    fixed_quantity = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(0))
    phantom = models.BooleanField(null=True, blank=True)
    operation = models.PositiveIntegerField(null=True, blank=True)
    backflush = models.BooleanField(default=False)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bom", "line"], name="production_bomline_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0, fixed_quantity__gte=0, scrap_rate__gte=0),
                name="production_bomline_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) | Q(fixed_quantity__gt=0), name="production_bomline_needs_something"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="production_bomline_range",
            ),
        ]
        indexes = [models.Index(fields=["component"], name="production_bomline_by_comp")]


class BomAlternate(models.Model):
    """替代料: `item` may stand in for the line's component, `ratio` of it for one; the lowest `priority` first."""

    bom_line = models.ForeignKey(BomLine, models.CASCADE, related_name="alternates")
    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+")
    ratio = models.DecimalField(max_digits=18, decimal_places=6, default=Decimal(1))
    priority = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bom_line", "item"], name="production_alternate_once"),
            models.CheckConstraint(condition=Q(ratio__gt=0), name="production_alternate_ratio_positive"),
        ]
