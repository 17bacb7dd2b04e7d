import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from apps.production.shop_guards import GUARDS


class Migration(migrations.Migration):
    dependencies = [
        ("masterdata", "0001_initial"),
        ("production", "0010_capacity"),
    ]

    operations = [
        migrations.CreateModel(
            name="WageSettlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.CharField(max_length=7)),
                ("line_count", models.IntegerField()),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=22)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=20)),
                ("settled_by_id", models.BigIntegerField(null=True)),
                ("settled_by_name", models.CharField(blank=True, default="", max_length=80)),
                ("settled_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("month",), name="wage_month_settled_once")],
            },
        ),
        migrations.CreateModel(
            name="WorkOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40)),
                ("own_steps", models.BooleanField(default=False)),
                ("own_materials", models.BooleanField(default=False)),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("good", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("scrap", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("received", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("start_on", models.DateField(null=True)),
                ("due_on", models.DateField()),
                ("priority", models.PositiveSmallIntegerField(default=5)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("released", "已下达"),
                            ("started", "生产中"),
                            ("on_hold", "暂停"),
                            ("completed", "已完工"),
                            ("closed", "已关闭"),
                            ("cancelled", "已取消"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("held_from", models.CharField(blank=True, default="", max_length=10)),
                ("sales_order", models.CharField(blank=True, default="", max_length=40)),
                ("sales_line", models.IntegerField(null=True)),
                ("reference", models.CharField(blank=True, default="", max_length=120)),
                ("planned_order_id", models.BigIntegerField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
                ("completed_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=80)),
                ("created_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "bom",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="production.bom"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.item"
                    ),
                ),
                (
                    "routing",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="production.routing",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.warehouse",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="work_order_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("planned_order_id__isnull", False)),
                        fields=("planned_order_id",),
                        name="work_order_of_planned_order_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="work_order_makes_something"),
                    models.CheckConstraint(
                        condition=models.Q(("good__gte", 0), ("received__gte", 0), ("scrap__gte", 0)),
                        name="work_order_counts_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("priority__gte", 1), ("priority__lte", 9)),
                        name="work_order_priority_1_to_9",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["state", "priority", "due_on", "id"], name="work_order_by_urgency"),
                    models.Index(fields=["due_on", "id"], name="work_order_by_due"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("good", models.DecimalField(decimal_places=4, max_digits=18)),
                ("scrap", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("scrap_reason", models.CharField(blank=True, default="", max_length=200)),
                ("scrap_is_paid", models.BooleanField(default=False)),
                ("rework", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("workers", models.JSONField(blank=True, default=list)),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField()),
                ("minutes", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("reported_on", models.DateField()),
                ("key", models.CharField(blank=True, default="", max_length=100)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("reported_by_id", models.BigIntegerField(null=True)),
                ("reported_by_name", models.CharField(blank=True, default="", max_length=80)),
                ("reported_at", models.DateTimeField()),
                (
                    "undoes",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undoings",
                        to="production.report",
                    ),
                ),
                (
                    "work_centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="production.workcentre"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="production.workorder"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True), fields=("key",), name="report_key_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("undoes__isnull", False)), fields=("undoes",), name="report_undone_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("good__gte", 0), ("rework__gte", 0), ("scrap__gte", 0), ("undoes__isnull", True)),
                            models.Q(
                                ("good__lte", 0), ("rework__lte", 0), ("scrap__lte", 0), ("undoes__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="report_counts_have_one_sign",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["reported_on", "id"], name="report_by_day"),
                    models.Index(fields=["reported_by_id", "-id"], name="report_by_reporter"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkOrderMaterial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("per_unit", models.CharField(default="0", max_length=80)),
                ("fixed", models.CharField(default="0", max_length=80)),
                ("required", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("issued", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("returned", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("backflushed", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("backflush", models.BooleanField(default=False)),
                ("step_seq", models.PositiveIntegerField(null=True)),
                ("alternates", models.JSONField(blank=True, default=list)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.item"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="materials", to="production.workorder"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("order", "line"), name="work_order_material_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("backflushed__gte", 0),
                            ("issued__gte", models.F("returned")),
                            ("required__gte", 0),
                            ("returned__gte", 0),
                        ),
                        name="work_order_material_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkOrderMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("issue", "领料"),
                            ("return", "退料"),
                            ("backflush", "倒冲"),
                            ("backflush_undo", "倒冲退回"),
                            ("receipt", "完工入库"),
                        ],
                        max_length=16,
                    ),
                ),
                ("document_id", models.BigIntegerField()),
                ("document", models.CharField(blank=True, default="", max_length=40)),
                ("move_id", models.BigIntegerField(default=0)),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("lot", models.CharField(blank=True, default="", max_length=64)),
                ("lot_id", models.BigIntegerField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("moved_on", models.DateField()),
                ("moved_by_id", models.BigIntegerField(null=True)),
                ("moved_by_name", models.CharField(blank=True, default="", max_length=80)),
                ("moved_at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.item"
                    ),
                ),
                (
                    "material",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="production.workordermaterial",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="production.workorder"
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="given_back",
                        to="production.workordermove",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="production.report",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.warehouse",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="work_order_move_moves_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkOrderStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("name", models.CharField(blank=True, default="", max_length=100)),
                ("setup_minutes", models.DecimalField(decimal_places=6, default=0, max_digits=18)),
                ("run_minutes", models.DecimalField(decimal_places=6, default=0, max_digits=18)),
                ("fixed_minutes", models.DecimalField(decimal_places=6, default=0, max_digits=18)),
                ("queue_minutes", models.DecimalField(decimal_places=6, default=0, max_digits=18)),
                ("overlap_quantity", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ("alternatives", models.JSONField(blank=True, default=list)),
                ("setup_group", models.CharField(blank=True, default="", max_length=40)),
                ("inspect", models.CharField(default="none", max_length=10)),
                ("subcontract", models.JSONField(null=True)),
                ("report_point", models.BooleanField(default=True)),
                ("piece_rate", models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                ("input", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("good", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("scrap", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("rework", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("tolerance", models.DecimalField(decimal_places=8, default=0, max_digits=9)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "未开始"), ("started", "生产中"), ("done", "已完工")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("planned_start", models.DateTimeField(null=True)),
                ("planned_end", models.DateTimeField(null=True)),
                ("pinned", models.BooleanField(default=False)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="production.workorder"
                    ),
                ),
                (
                    "work_centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="production.workcentre"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("order", "seq"), name="work_order_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("good__gte", 0), ("rework__gte", 0), ("scrap__gte", 0), ("tolerance__gte", 0)
                        ),
                        name="work_order_step_counts_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "good__lte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("input"),
                                        "*",
                                        django.db.models.expressions.CombinedExpression(
                                            models.Value(1), "+", models.F("tolerance")
                                        ),
                                    ),
                                    "-",
                                    models.F("scrap"),
                                ),
                            )
                        ),
                        name="work_order_step_not_over_input",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="report",
            name="step",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="production.workorderstep"
            ),
        ),
        migrations.CreateModel(
            name="PieceRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("rate", models.DecimalField(decimal_places=6, max_digits=18)),
                ("valid_from", models.DateField()),
                ("tiers", models.JSONField(blank=True, default=list)),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=80)),
                ("created_at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.item"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["item", "seq", "-valid_from", "-id"], name="piece_rate_in_force")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("rate__gte", 0)), name="piece_rate_not_negative")
                ],
            },
        ),
        migrations.CreateModel(
            name="WageLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("worked_on", models.DateField()),
                ("paid_on", models.DateField()),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("rate", models.DecimalField(decimal_places=6, max_digits=18)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                (
                    "employee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.employee"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.item"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="wages", to="production.report"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["employee", "worked_on", "item", "seq"], name="wage_line_of_a_day"),
                    models.Index(fields=["paid_on", "employee", "id"], name="wage_line_by_month"),
                ],
                "constraints": [models.UniqueConstraint(fields=("report", "employee"), name="wage_line_once_a_report")],
            },
        ),
        *GUARDS,
    ]
