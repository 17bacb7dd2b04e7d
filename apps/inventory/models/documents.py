"""库存单据: what a person posts. Posted ones never change: a trigger sees to it, whoever asks."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """收发类别, as the API writes it; `records.FINANCE_REASON` has the names of finance's rules."""

    OPENING = "opening", _("期初")
    PURCHASE = "purchase", _("采购入库")
    PRODUCTION = "production", _("完工入库")
    SUBCONTRACT = "subcontract", _("委外入库")
    GAIN = "gain", _("盘盈")
    OTHER_IN = "other_in", _("其他入库")
    SALES_RETURN = "sales_return", _("销售退货")
    MATERIAL_RETURN = "material_return", _("生产退料")
    SALE = "sale", _("销售出库")
    MATERIAL = "material", _("生产领料")
    LOSS = "loss", _("盘亏")
    SCRAP = "scrap", _("报废")
    PURCHASE_RETURN = "purchase_return", _("采购退货")
    SUBCONTRACT_SENT = "subcontract_sent", _("委外发料")
    OTHER_OUT = "other_out", _("其他出库")
    TRANSFER = "transfer", _("调拨")
    ASSEMBLY = "assembly", _("组装拆卸")
    COST_ADJUSTMENT = "cost_adjustment", _("成本调整")
    LANDED_COST = "landed_cost", _("采购费用")


IN_REASONS = (
    "opening", "purchase", "production", "subcontract", "gain", "other_in", "sales_return", "material_return",
)  # fmt: skip
OUT_REASONS = ("sale", "material", "loss", "scrap", "purchase_return", "subcontract_sent", "other_out")


class StockDocument(models.Model):
    """单据. `moved_on` is the accounting date, `intended_on` the wished one where its month was closed.

    `basis` (landed cost): quantity, value, weight. `extra_cost` (assembly) and `amount` (landed cost) in CNY. A
    transfer `in_transit` lies in the transit warehouse until a second document (`transit_of`) brings it on.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("入库单")
        ISSUE = "issue", _("出库单")
        TRANSFER = "transfer", _("调拨单")
        ASSEMBLY = "assembly", _("组装单")
        ADJUSTMENT = "adjustment", _("成本调整单")
        LANDED = "landed", _("采购费用单")

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        POSTED = "posted", _("已记账")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    number = models.CharField(max_length=80)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    moved_on = models.DateField()
    intended_on = models.DateField(null=True)
    warehouse = models.ForeignKey("masterdata.Warehouse", models.PROTECT, null=True, related_name="+", db_index=False)
    to_warehouse = models.ForeignKey(
        "masterdata.Warehouse", models.PROTECT, null=True, related_name="+", db_index=False
    )
    partner = models.ForeignKey("masterdata.Partner", models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversals", db_index=False)
    source_kind = models.CharField(max_length=40, blank=True, default="")
    source_number = models.CharField(max_length=80, blank=True, default="")
    source_line = models.CharField(max_length=40, blank=True, default="")
    idem = models.CharField(max_length=120, null=True)
    note = models.CharField(max_length=500, blank=True, default="")
    in_transit = models.BooleanField(default=False)
    transit_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="arrivals", db_index=False)
    basis = models.CharField(max_length=10, blank=True, default="")
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    extra_cost = models.DecimalField(max_digits=18, decimal_places=2, default=Decimal(0))
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=80, blank=True, default="")
    created_at = models.DateTimeField()
    posted_by_id = models.BigIntegerField(null=True)
    posted_by_name = models.CharField(max_length=80, blank=True, default="")
    posted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="stock_document_number_once"),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="stock_document_reversed_once"
            ),
            models.UniqueConstraint(fields=["idem"], condition=Q(idem__isnull=False), name="stock_document_idem_once"),
            models.CheckConstraint(condition=~Q(reverses=F("id")), name="stock_document_not_its_own_reversal"),
            models.CheckConstraint(
                condition=Q(state="draft", posted_at__isnull=True) | Q(state="posted", posted_at__isnull=False),
                name="stock_document_posted_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(warehouse__isnull=True)
                | Q(to_warehouse__isnull=True)
                | Q(in_transit=False)  # inside one warehouse goods change their location
                | ~Q(warehouse=F("to_warehouse")),
                name="stock_document_two_warehouses",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "moved_on", "id"], name="stock_document_list"),
            models.Index(fields=["number"], name="stock_document_by_number"),
            models.Index(fields=["source_kind", "source_number"], name="stock_document_source"),
            models.Index(fields=["moved_on"], condition=Q(state="draft"), name="stock_document_drafts"),
            models.Index(fields=["partner"], condition=Q(partner__isnull=False), name="stock_document_partner"),
            models.Index(fields=["transit_of"], condition=Q(transit_of__isnull=False), name="stock_document_arrivals"),
        ]


class StockDocumentLine(models.Model):
    """One line as it was typed: `quantity` in `unit`; `stock_quantity` the same in stock units, exactly.

    `side` "in" and "out" tell outputs and inputs of an assembly apart; a landed cost names its receipt's line in
    `target`. `serials` are texts; `amount` in CNY, `unit_cost` CNY per stock unit or per `unit` as typed.
    """

    document = models.ForeignKey(StockDocument, models.CASCADE, related_name="lines", db_index=False)
    line = models.PositiveIntegerField()
    side = models.CharField(max_length=3, blank=True, default="")
    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+")
    warehouse = models.ForeignKey("masterdata.Warehouse", models.PROTECT, null=True, related_name="+", db_index=False)
    location = models.ForeignKey("masterdata.Location", models.PROTECT, null=True, related_name="+", db_index=False)
    to_location = models.ForeignKey("masterdata.Location", models.PROTECT, null=True, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    unit = models.CharField(max_length=64, blank=True, default="")
    stock_quantity = models.DecimalField(max_digits=18, decimal_places=4)
    unit_cost = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    lot = models.CharField(max_length=64, blank=True, default="")
    serials = models.JSONField(default=list, blank=True)
    made_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    supplier_lot = models.CharField(max_length=64, blank=True, default="")
    origin_id = models.BigIntegerField(null=True)
    reservation_id = models.BigIntegerField(null=True)
    share = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    target = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "line"], name="stock_line_once"),
            models.CheckConstraint(condition=Q(line__gt=0), name="stock_line_counts"),
            models.CheckConstraint(condition=Q(stock_quantity__gte=0), name="stock_line_quantity"),
            models.CheckConstraint(
                condition=Q(to_location__isnull=True) | Q(location__isnull=True) | ~Q(location=F("to_location")),
                name="stock_line_changes_place",
            ),
        ]
        indexes = [models.Index(fields=["target"], condition=Q(target__isnull=False), name="stock_line_target")]
