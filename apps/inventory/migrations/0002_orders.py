from decimal import Decimal

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0001_initial"),
        ("masterdata", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PurchaseOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60)),
                ("ordered_on", models.DateField()),
                ("currency", models.CharField(default="CNY", max_length=3)),
                ("price_includes_tax", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("total", models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=18)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("source_kind", models.CharField(blank=True, default="", max_length=40)),
                ("source_ref", models.CharField(blank=True, default="", max_length=100)),
                ("created_by_id", models.BigIntegerField()),
                ("created_by_name", models.CharField(max_length=150)),
                ("created_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("confirmed", "已确认"),
                            ("part_received", "部分收货"),
                            ("received", "已收货"),
                            ("closed", "已关闭"),
                            ("cancelled", "已取消"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("locked_by", models.CharField(blank=True, default="", max_length=100)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.partner"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="purchase_order_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("source_ref", ""), _negated=True),
                        fields=("source_kind", "source_ref"),
                        name="purchase_order_source_once",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["state", "-id"], name="purchase_order_by_state"),
                    models.Index(fields=["partner", "-id"], name="purchase_order_by_partner"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PurchaseOrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("unit", models.CharField(max_length=64)),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("stock_quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("unit_price", models.DecimalField(decimal_places=6, max_digits=18)),
                ("tax_rate", models.DecimalField(decimal_places=8, default=Decimal("0"), max_digits=9)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                ("due_on", models.DateField()),
                ("promised_on", models.DateField(blank=True, null=True)),
                ("done", models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=18)),
                ("returned", models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=18)),
                ("tolerance", models.DecimalField(decimal_places=8, default=Decimal("0"), max_digits=9)),
                ("closed", models.BooleanField(default=False)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("announced", models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=18)),
                ("announced_on", models.DateField(blank=True, null=True)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.item"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="inventory.purchaseorder"
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.warehouse",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("order", "line"), name="purchase_line_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0), ("stock_quantity__gt", 0)),
                        name="purchase_line_orders_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0), ("unit_price__gte", 0)),
                        name="purchase_line_price_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tax_rate__gte", 0), ("tax_rate__lt", 1)), name="purchase_line_tax_is_share"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("returned__gte", 0), ("returned__lte", models.F("done"))),
                        name="purchase_line_returned_of_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "done__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("quantity"),
                                    "*",
                                    django.db.models.expressions.CombinedExpression(
                                        models.Value(Decimal("1")), "+", models.F("tolerance")
                                    ),
                                ),
                            ),
                            ("tolerance__gte", 0),
                        ),
                        name="purchase_line_not_over",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("announced__gte", 0)), name="purchase_line_announced_not_negative"
                    ),
                ],
                "indexes": [models.Index(fields=["item", "due_on"], name="purchase_line_by_item")],
            },
        ),
        migrations.CreateModel(
            name="PurchaseFulfilment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document_line", models.PositiveIntegerField()),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("is_return", models.BooleanField(default=False)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.stockdocument"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fulfilments",
                        to="inventory.purchaseorderline",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("document", "document_line"), name="purchase_fulfilment_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="purchase_fulfilment_moves_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SalesOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60)),
                ("ordered_on", models.DateField()),
                ("currency", models.CharField(default="CNY", max_length=3)),
                ("price_includes_tax", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("total", models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=18)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("source_kind", models.CharField(blank=True, default="", max_length=40)),
                ("source_ref", models.CharField(blank=True, default="", max_length=100)),
                ("created_by_id", models.BigIntegerField()),
                ("created_by_name", models.CharField(max_length=150)),
                ("created_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("confirmed", "已确认"),
                            ("part_shipped", "部分发货"),
                            ("shipped", "已发货"),
                            ("closed", "已关闭"),
                            ("cancelled", "已取消"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("reserve", models.BooleanField(default=False)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.partner"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="sales_order_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("source_ref", ""), _negated=True),
                        fields=("source_kind", "source_ref"),
                        name="sales_order_source_once",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["state", "-id"], name="sales_order_by_state"),
                    models.Index(fields=["partner", "-id"], name="sales_order_by_partner"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SalesOrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("unit", models.CharField(max_length=64)),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("stock_quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("unit_price", models.DecimalField(decimal_places=6, max_digits=18)),
                ("tax_rate", models.DecimalField(decimal_places=8, default=Decimal("0"), max_digits=9)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                ("due_on", models.DateField()),
                ("promised_on", models.DateField(blank=True, null=True)),
                ("done", models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=18)),
                ("returned", models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=18)),
                ("tolerance", models.DecimalField(decimal_places=8, default=Decimal("0"), max_digits=9)),
                ("closed", models.BooleanField(default=False)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("make_to_order", models.BooleanField(default=False)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.item"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="inventory.salesorder"
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.warehouse",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("order", "line"), name="sales_line_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0), ("stock_quantity__gt", 0)),
                        name="sales_line_orders_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0), ("unit_price__gte", 0)),
                        name="sales_line_price_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tax_rate__gte", 0), ("tax_rate__lt", 1)), name="sales_line_tax_is_share"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("returned__gte", 0), ("returned__lte", models.F("done"))),
                        name="sales_line_returned_of_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "done__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("quantity"),
                                    "*",
                                    django.db.models.expressions.CombinedExpression(
                                        models.Value(Decimal("1")), "+", models.F("tolerance")
                                    ),
                                ),
                            ),
                            ("tolerance__gte", 0),
                        ),
                        name="sales_line_not_over",
                    ),
                ],
                "indexes": [models.Index(fields=["item", "due_on"], name="sales_line_by_item")],
            },
        ),
        migrations.CreateModel(
            name="SalesFulfilment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document_line", models.PositiveIntegerField()),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("is_return", models.BooleanField(default=False)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.stockdocument"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fulfilments",
                        to="inventory.salesorderline",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("document", "document_line"), name="sales_fulfilment_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="sales_fulfilment_moves_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScanHit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("task", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=1000)),
                ("answer", models.JSONField(default=dict)),
                ("scanned_by_id", models.BigIntegerField()),
                ("scanned_by_name", models.CharField(max_length=150)),
                ("scanned_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["scanned_at"], name="scan_by_moment")],
                "constraints": [models.UniqueConstraint(fields=("key",), name="scan_key_once")],
            },
        ),
    ]
