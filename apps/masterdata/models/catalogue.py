"""What items are described with: units, categories, attribute templates, families of variants."""

from django.db import models
from django.db.models import F, Q

from apps.masterdata.domain.units import QUANTITY_DECIMALS, UnitSpec
from apps.masterdata.models.base import CodedRecord


class Unit(CodedRecord):
    """计量单位. `decimals`: the finest quantity a person may type; `rec20`: UN/ECE Recommendation 20 code."""

    decimals = models.PositiveSmallIntegerField(default=0)
    rec20 = models.CharField(max_length=10, blank=True, default="")
    aliases = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code_key"], name="unit_code_once"),
            models.CheckConstraint(condition=Q(decimals__lte=QUANTITY_DECIMALS), name="unit_decimals_fit_ledger"),
        ]

    @property
    def spec(self) -> UnitSpec:
        return UnitSpec(self.code, self.name, self.decimals, self.rec20, tuple(self.aliases))


class Category(CodedRecord):
    """物料分类: a tree; `path` is the line of codes from the root, `A/AB`, and follows from the parents."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code_key"], name="category_code_once"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="category_not_its_own_parent"),
        ]


class AttributeTemplate(models.Model):
    """属性模板: one version of the attributes of a category. Never changed, only followed by the next version.

    `rows`: [{key, name, type, unit, required, class, options}] as `domain.attributes.parse_rows` reads them.
    """

    category = models.ForeignKey(Category, models.PROTECT, related_name="templates")
    version = models.PositiveIntegerField()
    rows = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "version"], name="attribute_template_version_once"),
            models.CheckConstraint(condition=Q(version__gt=0), name="attribute_template_version_counts"),
        ]


class Family(CodedRecord):
    """变体族: axes and the pattern of codes; the variants are ordinary items that point here.

    `axes`: {"颜色": [{"code": "RD", "name": "红"}]}. `stock_unit` and `category` are handed to each variant.
    """

    axes = models.JSONField(default=dict)
    pattern = models.CharField(max_length=200, blank=True, default="")
    stock_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code_key"], name="family_code_once")]
