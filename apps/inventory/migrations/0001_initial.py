"""The ground of inventory: documents, ledger, value, months, promises, and what the database itself refuses."""

from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models

from apps.inventory.guards import GUARDS


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("kernel", "0002_written_once"),
        ("masterdata", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("kind", models.CharField(choices=[("lot", "批次"), ("serial", "序列号")], max_length=6)),
                ("made_on", models.DateField(null=True)),
                ("expires_on", models.DateField(null=True)),
                ("supplier_lot", models.CharField(blank=True, default="", max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("free", "可用"), ("held", "待处理"), ("blocked", "冻结")],
                        default="free",
                        max_length=8,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.item",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("item", "code"), name="lot_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("made_on__isnull", True),
                            ("expires_on__isnull", True),
                            ("expires_on__gte", models.F("made_on")),
                            _connector="OR",
                        ),
                        name="lot_expires_after_made",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["code"], name="lot_by_code"),
                    models.Index(
                        condition=models.Q(("expires_on__isnull", False)), fields=["expires_on"], name="lot_by_expiry"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CostGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("moving_average", "移动加权平均"),
                            ("fifo", "先进先出"),
                            ("specific", "个别计价"),
                            ("monthly_average", "全月一次加权平均"),
                        ],
                        max_length=20,
                    ),
                ),
                ("quantity", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("value", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("last_on", models.DateField(null=True)),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.item",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.warehouse",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.lot",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("item", "warehouse", "lot"), name="cost_group_key_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(condition=models.Q(("quantity__gte", 0)), name="cost_group_not_negative"),
                    models.CheckConstraint(condition=models.Q(("value__gte", 0)), name="cost_group_value_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("quantity", 0), _negated=True), ("value", 0), _connector="OR"),
                        name="cost_group_empty_is_worth_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Balance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_serial", models.BooleanField(default=False)),
                ("quantity", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.item",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.location",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.warehouse",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="balances",
                        to="inventory.lot",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("item", "warehouse", "location", "lot"), name="stock_balance_once", nulls_distinct=False
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_serial", True), ("quantity__gt", 0)),
                        fields=("lot",),
                        name="stock_balance_serial_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("quantity__gte", 0)), name="stock_balance_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(("is_serial", False), ("quantity__lte", 1), _connector="OR"),
                        name="stock_balance_serial_is_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("value", models.DecimalField(decimal_places=2, max_digits=18)),
                ("quantity_rows", models.IntegerField()),
                ("entries", models.IntegerField(default=0)),
                ("closed_by_id", models.BigIntegerField(null=True)),
                ("closed_by_name", models.CharField(blank=True, default="", max_length=80)),
                ("closed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("month",), name="stock_period_once")],
            },
        ),
        migrations.CreateModel(
            name="PeriodBalance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.item",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.location",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.lot",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.period",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.warehouse",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("period", "item", "warehouse", "location", "lot"),
                        name="period_balance_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity", 0), _negated=True), name="period_balance_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PeriodCost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("value", models.DecimalField(decimal_places=2, max_digits=18)),
                ("layers", models.JSONField(default=list)),
                (
                    "group",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.costgroup",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.period",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("period", "group"), name="period_cost_once"),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="period_cost_positive"),
                ],
                "indexes": [models.Index(fields=["group"], name="period_cost_by_group")],
            },
        ),
        migrations.CreateModel(
            name="ReorderRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rule",
                    models.CharField(
                        choices=[("min_max", "最低最高"), ("order_point", "再订货点"), ("lot_for_lot", "按需")],
                        default="min_max",
                        max_length=12,
                    ),
                ),
                ("reorder_point", models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=18)),
                ("reorder_to", models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=18)),
                ("safety_stock", models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=18)),
                ("min_lot", models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=18)),
                ("multiple", models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=18)),
                ("lead_days", models.PositiveIntegerField(default=0)),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.item",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.partner",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.warehouse"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("item", "warehouse"), name="reorder_rule_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("min_lot__gte", 0),
                            ("multiple__gte", 0),
                            ("reorder_point__gte", 0),
                            ("reorder_to__gte", 0),
                            ("safety_stock__gte", 0),
                        ),
                        name="reorder_rule_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reservation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_serial", models.BooleanField(default=False)),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("used", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("for_kind", models.CharField(blank=True, default="", max_length=40)),
                ("for_number", models.CharField(blank=True, default="", max_length=80)),
                ("for_line", models.CharField(blank=True, default="", max_length=40)),
                ("until", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "有效"),
                            ("consumed", "已领完"),
                            ("released", "已释放"),
                            ("expired", "已过期"),
                        ],
                        default="active",
                        max_length=8,
                    ),
                ),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=80)),
                ("created_at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.item",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.lot",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.warehouse",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0), ("used__gte", 0), ("used__lte", models.F("quantity"))),
                        name="reservation_used_within",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_serial", True), ("state", "active")),
                        fields=("lot",),
                        name="reservation_serial_once",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "active")), fields=["item", "warehouse"], name="reservation_active"
                    ),
                    models.Index(fields=["for_kind", "for_number"], name="reservation_for"),
                    models.Index(
                        condition=models.Q(("state", "active"), ("until__isnull", False)),
                        fields=["until"],
                        name="reservation_until",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StockDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("receipt", "入库单"),
                            ("issue", "出库单"),
                            ("transfer", "调拨单"),
                            ("assembly", "组装单"),
                            ("adjustment", "成本调整单"),
                            ("landed", "采购费用单"),
                        ],
                        max_length=12,
                    ),
                ),
                ("number", models.CharField(max_length=80)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("opening", "期初"),
                            ("purchase", "采购入库"),
                            ("production", "完工入库"),
                            ("subcontract", "委外入库"),
                            ("gain", "盘盈"),
                            ("other_in", "其他入库"),
                            ("sales_return", "销售退货"),
                            ("material_return", "生产退料"),
                            ("sale", "销售出库"),
                            ("material", "生产领料"),
                            ("loss", "盘亏"),
                            ("scrap", "报废"),
                            ("purchase_return", "采购退货"),
                            ("subcontract_sent", "委外发料"),
                            ("other_out", "其他出库"),
                            ("transfer", "调拨"),
                            ("assembly", "组装拆卸"),
                            ("cost_adjustment", "成本调整"),
                            ("landed_cost", "采购费用"),
                        ],
                        max_length=20,
                    ),
                ),
                ("moved_on", models.DateField()),
                ("intended_on", models.DateField(null=True)),
                (
                    "state",
                    models.CharField(choices=[("draft", "草稿"), ("posted", "已记账")], default="draft", max_length=8),
                ),
                ("source_kind", models.CharField(blank=True, default="", max_length=40)),
                ("source_number", models.CharField(blank=True, default="", max_length=80)),
                ("source_line", models.CharField(blank=True, default="", max_length=40)),
                ("idem", models.CharField(max_length=120, null=True)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("in_transit", models.BooleanField(default=False)),
                ("basis", models.CharField(blank=True, default="", max_length=10)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("extra_cost", models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=18)),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=80)),
                ("created_at", models.DateTimeField()),
                ("posted_by_id", models.BigIntegerField(null=True)),
                ("posted_by_name", models.CharField(blank=True, default="", max_length=80)),
                ("posted_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "partner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.partner",
                    ),
                ),
                (
                    "reverses",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversals",
                        to="inventory.stockdocument",
                    ),
                ),
                (
                    "to_warehouse",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.warehouse",
                    ),
                ),
                (
                    "transit_of",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrivals",
                        to="inventory.stockdocument",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.warehouse",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "number"), name="stock_document_number_once"),
                    models.UniqueConstraint(fields=("reverses",), name="stock_document_reversed_once"),
                    models.UniqueConstraint(fields=("idem",), name="stock_document_idem_once"),
                    models.CheckConstraint(
                        condition=models.Q(("reverses", models.F("id")), _negated=True),
                        name="stock_document_not_its_own_reversal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("posted_at__isnull", True), ("state", "draft")),
                            models.Q(("posted_at__isnull", False), ("state", "posted")),
                            _connector="OR",
                        ),
                        name="stock_document_posted_is_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("warehouse__isnull", True),
                            ("to_warehouse__isnull", True),
                            models.Q(("warehouse", models.F("to_warehouse")), _negated=True),
                            _connector="OR",
                        ),
                        name="stock_document_two_warehouses",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["kind", "moved_on", "id"], name="stock_document_list"),
                    models.Index(fields=["number"], name="stock_document_by_number"),
                    models.Index(fields=["source_kind", "source_number"], name="stock_document_source"),
                    models.Index(
                        condition=models.Q(("state", "draft")), fields=["moved_on"], name="stock_document_drafts"
                    ),
                    models.Index(
                        condition=models.Q(("partner__isnull", False)),
                        fields=["partner"],
                        name="stock_document_partner",
                    ),
                    models.Index(
                        condition=models.Q(("transit_of__isnull", False)),
                        fields=["transit_of"],
                        name="stock_document_arrivals",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LotLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("to_quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                (
                    "from_item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.item",
                    ),
                ),
                (
                    "from_lot",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.lot",
                    ),
                ),
                (
                    "to_lot",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.lot",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.stockdocument"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_lot__isnull", True),
                            models.Q(("from_lot", models.F("to_lot")), _negated=True),
                            _connector="OR",
                        ),
                        name="lot_link_not_to_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_quantity__gt", 0), ("to_quantity__gt", 0)), name="lot_link_quantities"
                    ),
                ],
                "indexes": [
                    models.Index(fields=["from_lot", "to_lot"], name="lot_link_down"),
                    models.Index(fields=["to_lot", "from_lot"], name="lot_link_up"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StockDocumentLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("side", models.CharField(blank=True, default="", max_length=3)),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("unit", models.CharField(blank=True, default="", max_length=64)),
                ("stock_quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("unit_cost", models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("lot", models.CharField(blank=True, default="", max_length=64)),
                ("serials", models.JSONField(blank=True, default=list)),
                ("made_on", models.DateField(null=True)),
                ("expires_on", models.DateField(null=True)),
                ("supplier_lot", models.CharField(blank=True, default="", max_length=64)),
                ("origin_id", models.BigIntegerField(null=True)),
                ("reservation_id", models.BigIntegerField(null=True)),
                ("share", models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="inventory.stockdocument",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.item"
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.location",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.stockdocumentline",
                    ),
                ),
                (
                    "to_location",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.location",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.warehouse",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("document", "line"), name="stock_line_once"),
                    models.CheckConstraint(condition=models.Q(("line__gt", 0)), name="stock_line_counts"),
                    models.CheckConstraint(condition=models.Q(("stock_quantity__gte", 0)), name="stock_line_quantity"),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("target__isnull", False)), fields=["target"], name="stock_line_target"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StockMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("part", models.PositiveIntegerField(default=1)),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("moved_on", models.DateField()),
                ("intended_on", models.DateField(null=True)),
                ("posted_at", models.DateTimeField()),
                ("posted_by_id", models.BigIntegerField(null=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("opening", "期初"),
                            ("purchase", "采购入库"),
                            ("production", "完工入库"),
                            ("subcontract", "委外入库"),
                            ("gain", "盘盈"),
                            ("other_in", "其他入库"),
                            ("sales_return", "销售退货"),
                            ("material_return", "生产退料"),
                            ("sale", "销售出库"),
                            ("material", "生产领料"),
                            ("loss", "盘亏"),
                            ("scrap", "报废"),
                            ("purchase_return", "采购退货"),
                            ("subcontract_sent", "委外发料"),
                            ("other_out", "其他出库"),
                            ("transfer", "调拨"),
                            ("assembly", "组装拆卸"),
                            ("cost_adjustment", "成本调整"),
                            ("landed_cost", "采购费用"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "costing",
                    models.CharField(
                        choices=[
                            ("given", "Given"),
                            ("average", "Average"),
                            ("issue", "Issue"),
                            ("return", "Return"),
                            ("pair", "Pair"),
                            ("share", "Share"),
                            ("mirror", "Mirror"),
                            ("none", "None"),
                        ],
                        max_length=8,
                    ),
                ),
                ("given_amount", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="inventory.stockdocument",
                    ),
                ),
                (
                    "feeder",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.stockmove",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.costgroup",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.item",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.location",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.lot",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.stockmove",
                    ),
                ),
                (
                    "reverses",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.stockmove",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.warehouse",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("document", "line", "part"), name="stock_move_once"),
                    models.UniqueConstraint(fields=("reverses",), name="stock_move_reversed_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity", 0), _negated=True), name="stock_move_moves_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("costing", "given"), ("given_amount__isnull", False)),
                            models.Q(models.Q(("costing", "given"), _negated=True), ("given_amount", None)),
                            _connector="OR",
                        ),
                        name="stock_move_given_has_amount",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["group", "moved_on", "id"], name="stock_move_by_group"),
                    models.Index(fields=["item", "warehouse", "moved_on", "id"], name="stock_move_by_item"),
                    models.Index(fields=["moved_on", "id"], name="stock_move_by_day"),
                    models.Index(
                        condition=models.Q(("lot__isnull", False)),
                        fields=["lot", "moved_on", "id"],
                        name="stock_move_by_lot",
                    ),
                    models.Index(
                        condition=models.Q(("feeder__isnull", False)), fields=["feeder"], name="stock_move_by_feeder"
                    ),
                    models.Index(
                        condition=models.Q(("origin__isnull", False)), fields=["origin"], name="stock_move_by_origin"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CostLayer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("moved_on", models.DateField()),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("value", models.DecimalField(decimal_places=2, max_digits=18)),
                (
                    "group",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.costgroup",
                    ),
                ),
                (
                    "move",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.stockmove",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("move",), name="cost_layer_once"),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="cost_layer_holds_something"),
                    models.CheckConstraint(condition=models.Q(("value__gte", 0)), name="cost_layer_value_not_negative"),
                ],
                "indexes": [models.Index(fields=["group", "moved_on", "move"], name="cost_layer_order")],
            },
        ),
        migrations.CreateModel(
            name="StockSettings",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                (
                    "default_method",
                    models.CharField(
                        choices=[
                            ("moving_average", "移动加权平均"),
                            ("fifo", "先进先出"),
                            ("specific", "个别计价"),
                            ("monthly_average", "全月一次加权平均"),
                        ],
                        default="monthly_average",
                        max_length=20,
                    ),
                ),
                (
                    "default_scope",
                    models.CharField(
                        choices=[("company", "全公司"), ("warehouse", "分仓库")], default="company", max_length=10
                    ),
                ),
                ("closed_through", models.DateField(null=True)),
                ("stocktake_tolerance", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="stock_settings_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("default_method", "monthly_average"), _negated=True),
                            ("default_scope", "company"),
                            _connector="OR",
                        ),
                        name="stock_settings_monthly_company",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ValueEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("adjustment", "Adjustment"), ("landed", "Landed"), ("output", "Output")],
                        max_length=10,
                    ),
                ),
                ("line", models.PositiveIntegerField()),
                ("dated_on", models.DateField()),
                ("at_start", models.BooleanField(default=False)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                ("late", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("posted_at", models.DateTimeField()),
                (
                    "document",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="value_events",
                        to="inventory.stockdocument",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.costgroup",
                    ),
                ),
                (
                    "move",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="value_events",
                        to="inventory.stockmove",
                    ),
                ),
                (
                    "reverses",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.valueevent",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("seq",), name="value_event_seq_once"),
                    models.UniqueConstraint(fields=("reverses",), name="value_event_reversed_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "adjustment"), ("move__isnull", True)),
                            models.Q(("kind__in", ["landed", "output"]), ("move__isnull", False)),
                            _connector="OR",
                        ),
                        name="value_event_has_its_receipt",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["group", "dated_on"], name="value_event_by_group"),
                    models.Index(
                        condition=models.Q(("move__isnull", False)), fields=["move"], name="value_event_by_move"
                    ),
                    models.Index(fields=["document"], name="value_event_by_document"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CostEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("first", "First"),
                            ("delta", "Delta"),
                            ("landed", "Landed"),
                            ("close", "Close"),
                            ("late", "Late"),
                        ],
                        max_length=6,
                    ),
                ),
                ("dated_on", models.DateField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                ("posted_at", models.DateTimeField()),
                (
                    "group",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.costgroup",
                    ),
                ),
                (
                    "cause",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.stockdocument",
                    ),
                ),
                (
                    "move",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="inventory.stockmove",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.valueevent",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("move__isnull", False), ("event__isnull", False), _connector="OR"),
                        name="cost_entry_belongs_to_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount", 0), _negated=True), ("kind__in", ["first", "close"]), _connector="OR"
                        ),
                        name="cost_entry_says_something",
                    ),
                ],
                "indexes": [
                    models.Index(
                        fields=["group", "dated_on"], include=("move", "amount", "kind"), name="cost_entry_by_group"
                    ),
                    models.Index(fields=["move"], include=("amount", "kind"), name="cost_entry_by_move"),
                    models.Index(fields=["cause"], name="cost_entry_by_cause"),
                    models.Index(fields=["dated_on", "id"], name="cost_entry_by_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("due_on", models.DateField()),
                ("source_kind", models.CharField(max_length=40)),
                ("source_number", models.CharField(max_length=80)),
                ("source_line", models.CharField(blank=True, default="", max_length=40)),
                ("done", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.item",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.warehouse",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["item", "due_on"], name="commitment_by_item")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source_kind", "source_number", "source_line"), name="commitment_source_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done__gte", 0), ("quantity__gt", 0)), name="commitment_quantities"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExpectedReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("due_on", models.DateField()),
                ("source_kind", models.CharField(max_length=40)),
                ("source_number", models.CharField(max_length=80)),
                ("source_line", models.CharField(blank=True, default="", max_length=40)),
                ("received", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("firm", models.BooleanField(default=True)),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.item",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.warehouse",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["item", "due_on"], name="expected_by_item")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source_kind", "source_number", "source_line"), name="expected_source_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0), ("received__gte", 0)), name="expected_quantities"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("moving_average", "移动加权平均"),
                            ("fifo", "先进先出"),
                            ("specific", "个别计价"),
                            ("monthly_average", "全月一次加权平均"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        blank=True, choices=[("company", "全公司"), ("warehouse", "分仓库")], default="", max_length=10
                    ),
                ),
                ("count_class", models.CharField(blank=True, default="", max_length=1)),
                ("over_receipt_tolerance", models.DecimalField(decimal_places=8, default=Decimal("0"), max_digits=9)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.item",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("item",), name="item_settings_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("method", "monthly_average"), _negated=True),
                            ("scope", "company"),
                            _connector="OR",
                        ),
                        name="item_settings_monthly_company",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("over_receipt_tolerance__gte", 0)), name="item_settings_tolerance"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Level",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("reserved", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("last_on", models.DateField(null=True)),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.item",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.warehouse"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("item", "warehouse"), name="stock_level_once"),
                    models.CheckConstraint(condition=models.Q(("quantity__gte", 0)), name="stock_level_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(("reserved__gte", 0), ("reserved__lte", models.F("quantity"))),
                        name="stock_level_reserved_is_there",
                    ),
                ],
            },
        ),
        *GUARDS,
    ]
