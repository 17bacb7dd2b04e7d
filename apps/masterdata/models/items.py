"""物料 and everything one item goes by: codes, units, barcodes, identifiers of others."""

from django.db import models
from django.db.models import F, Q

from apps.masterdata.domain.units import Factor
from apps.masterdata.models.base import CODE_LENGTH, CodedRecord
from apps.masterdata.models.catalogue import AttributeTemplate, Category, Family, Unit


class Item(CodedRecord):
    """物料: what is bought, made, stocked and sold.

    `weight` is kg per stock unit; `standard_cost` and `target_price` CNY per stock unit. `template` is the version
    the attributes were filled against. `is_moved`: stock has moved once, so that unit and tracking are frozen.
    `merged_into`: this one was a duplicate; it is kept for old documents and found no more.
    """

    class Source(models.TextChoices):
        BUY = "buy", "外购"
        MAKE = "make", "自制"
        OUTSOURCE = "outsource", "委外"

    class Tracking(models.TextChoices):
        NONE = "none", "不追踪"
        LOT = "lot", "批次"
        SERIAL = "serial", "序列号"

    class State(models.TextChoices):
        ACTIVE = "active", "使用中"
        STOPPED = "stopped", "已停用"

    spec = models.CharField(max_length=200, blank=True, default="")
    drawing_no = models.CharField(max_length=100, blank=True, default="")
    revision = models.CharField(max_length=20, blank=True, default="")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="items")
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.BUY)
    is_stocked = models.BooleanField(default=True)
    is_purchased = models.BooleanField(default=True)
    is_sold = models.BooleanField(default=True)
    is_service = models.BooleanField(default=False)
    is_phantom = models.BooleanField(default=False)
    weight = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    stock_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    tracking = models.CharField(max_length=10, choices=Tracking.choices, default=Tracking.NONE)
    shelf_life_days = models.PositiveIntegerField(null=True, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    template = models.ForeignKey(AttributeTemplate, models.PROTECT, null=True, blank=True, related_name="+")
    family = models.ForeignKey(Family, models.PROTECT, null=True, blank=True, related_name="items")
    axis_values = models.JSONField(default=dict, blank=True)
    standard_cost = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    target_price = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    internal_note = models.TextField(blank=True, default="")
    likeness = models.CharField(max_length=500, blank=True, default="")
    is_moved = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code_key"], condition=Q(merged_into__isnull=True), name="item_code_once_among_items"
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="item_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(shelf_life_days__isnull=True) | Q(shelf_life_days__gt=0), name="item_shelf_life_positive"
            ),
            models.CheckConstraint(
                condition=Q(standard_cost__isnull=True) | Q(standard_cost__gte=0), name="item_cost_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["code_key", "id"], name="item_by_code"),
            models.Index(fields=["likeness"], name="item_by_likeness"),
            models.Index(fields=["category"], name="item_by_category"),
        ]

    def found_by(self) -> list[str]:
        return [self.spec, self.drawing_no]


class ItemCode(models.Model):
    """Every code an item goes by: the current one and its aliases. A code is one item's for ever."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="codes")
    code = models.CharField(max_length=CODE_LENGTH)
    key = models.CharField(max_length=CODE_LENGTH * 3)
    is_alias = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="item_code_once"),
            models.UniqueConstraint(fields=["item"], condition=Q(is_alias=False), name="item_code_one_current"),
        ]


class ItemUnit(models.Model):
    """换算: `numerator/denominator` stock units are in one `unit`, exactly."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "unit"], name="item_unit_once"),
            models.CheckConstraint(condition=Q(numerator__gt=0, denominator__gt=0), name="item_unit_factor_positive"),
        ]

    @property
    def factor(self) -> Factor:
        return Factor(self.numerator, self.denominator)


class Barcode(models.Model):
    """条码 of one item in one unit: a GTIN as 14 digits, or an own code. `key` is the folded value."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="barcodes")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=CODE_LENGTH)
    key = models.CharField(max_length=CODE_LENGTH * 3)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="barcode_once")]


class ItemIdentifier(models.Model):
    """A code that others gave the item: 工业互联网标识, a customer's number. `key` folds issuer, type and value."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="identifiers")
    issuer = models.CharField(max_length=100)
    type = models.CharField(max_length=40)
    value = models.CharField(max_length=200)
    key = models.CharField(max_length=800)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="item_identifier_once")]
