from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models

from tenants.db.operations import AppendOnly, SchemaSQL

RUN_TABLES = ("production_planreceipt", "production_planrow", "production_peg", "production_planmessage")

# Active versions of an item share no day. The item's id stands in as a range of one: gist knows ranges by itself.
BOM_RANGES = """
ALTER TABLE "{schema}".production_bom ADD CONSTRAINT production_bom_no_overlap
EXCLUDE USING gist (int8range(item_id, item_id, '[]') WITH &&, daterange(valid_from, valid_to, '[]') WITH &&)
WHERE (state = 'active')
"""

BOM_GUARD = """
CREATE FUNCTION "{schema}".production_bom_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
BEGIN
    IF OLD.is_used AND (TG_OP = 'DELETE' OR NOT NEW.is_used OR NEW.item_id <> OLD.item_id
            OR NEW.version <> OLD.version OR NEW.base_quantity <> OLD.base_quantity) THEN
        RAISE EXCEPTION 'bill % is used and frozen', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$
"""

BOM_LINE_GUARD = """
CREATE FUNCTION "{schema}".production_bom_line_guard() RETURNS trigger LANGUAGE plpgsql
SET search_path = "{schema}" AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM production_bom WHERE id = OLD.bom_id AND is_used) THEN
        RAISE EXCEPTION 'lines of bill % are frozen', OLD.bom_id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF EXISTS (SELECT 1 FROM production_bom b WHERE b.id = NEW.bom_id AND (b.is_used OR b.item_id = NEW.component_id))
    THEN
        RAISE EXCEPTION 'lines of bill % are frozen, or name the item itself', NEW.bom_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""

PLANNED_GUARD = """
CREATE FUNCTION "{schema}".production_planned_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
BEGIN
    IF OLD.released_as <> '' THEN
        RAISE EXCEPTION 'planned order % was released as %', OLD.id, OLD.released_as
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


def trigger(name, when, table):
    return f'CREATE TRIGGER {name} {when} ON "{{schema}}".{table} FOR EACH ROW EXECUTE FUNCTION "{{schema}}".{name}()'


GUARDS = [
    "SET LOCAL citus.enable_unsafe_triggers = on",
    BOM_RANGES,
    BOM_GUARD,
    trigger("production_bom_guard", "BEFORE UPDATE OR DELETE", "production_bom"),
    BOM_LINE_GUARD,
    trigger("production_bom_line_guard", "BEFORE INSERT OR UPDATE OR DELETE", "production_bomline"),
    PLANNED_GUARD,
    trigger("production_planned_guard", "BEFORE UPDATE", "production_plannedorder"),
    # What is packed is dense already; compressing it again would cost the run its seconds.
    'ALTER TABLE "{schema}".production_planrow ALTER COLUMN days SET STORAGE EXTERNAL',
    'ALTER TABLE "{schema}".production_peg ALTER COLUMN edges SET STORAGE EXTERNAL',
]
GUARDS_OFF = [
    'DROP FUNCTION "{schema}".production_bom_guard() CASCADE',
    'DROP FUNCTION "{schema}".production_bom_line_guard() CASCADE',
    'DROP FUNCTION "{schema}".production_planned_guard() CASCADE',
    'ALTER TABLE "{schema}".production_bom DROP CONSTRAINT production_bom_no_overlap',
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("masterdata", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bom",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=20)),
                ("base_quantity", models.DecimalField(decimal_places=6, default=Decimal("1"), max_digits=18)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "草稿"), ("active", "启用"), ("retired", "停用")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("is_used", models.BooleanField(default=False)),
                ("version_no", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=60)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.item"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("item", "version"), name="production_bom_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(("base_quantity__gt", 0)), name="production_bom_base_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="production_bom_range",
                    ),
                ],
                "indexes": [models.Index(fields=["state", "item"], name="production_bom_by_state")],
            },
        ),
        migrations.CreateModel(
            name="BomLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=18)),
                ("unit", models.CharField(blank=True, default="", max_length=64)),
                ("scrap_rate", models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=12)),
                ("fixed_quantity", models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=18)),
                ("phantom", models.BooleanField(blank=True, null=True)),
                ("operation", models.PositiveIntegerField(blank=True, null=True)),
                ("backflush", models.BooleanField(default=False)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "bom",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="production.bom"
                    ),
                ),
                (
                    "component",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.item"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("bom", "line"), name="production_bomline_once"),
                    models.CheckConstraint(
                        condition=models.Q(("fixed_quantity__gte", 0), ("quantity__gte", 0), ("scrap_rate__gte", 0)),
                        name="production_bomline_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0), ("fixed_quantity__gt", 0), _connector="OR"),
                        name="production_bomline_needs_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="production_bomline_range",
                    ),
                ],
                "indexes": [models.Index(fields=["component"], name="production_bomline_by_comp")],
            },
        ),
        migrations.CreateModel(
            name="BomAlternate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ratio", models.DecimalField(decimal_places=6, default=Decimal("1"), max_digits=18)),
                ("priority", models.PositiveSmallIntegerField(default=1)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.item"
                    ),
                ),
                (
                    "bom_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="alternates", to="production.bomline"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("bom_line", "item"), name="production_alternate_once"),
                    models.CheckConstraint(
                        condition=models.Q(("ratio__gt", 0)), name="production_alternate_ratio_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Demand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("fulfilled", models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=18)),
                ("due_on", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("order", "订单"), ("manual", "手工"), ("forecast", "预测"), ("safety", "备货")],
                        default="manual",
                        max_length=10,
                    ),
                ),
                ("priority", models.PositiveSmallIntegerField(default=5)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "未完"), ("done", "已完"), ("cancelled", "已取消")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("reference", models.CharField(blank=True, default="", max_length=100)),
                ("source_kind", models.CharField(blank=True, default="", max_length=20)),
                ("source_number", models.CharField(blank=True, default="", max_length=64)),
                ("source_line", models.PositiveIntegerField(blank=True, null=True)),
                ("make_to_order", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=60)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.item"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("source_kind", ""), _negated=True),
                        fields=("source_kind", "source_number", "source_line"),
                        name="production_demand_source_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fulfilled__gte", 0), ("fulfilled__lte", models.F("quantity")), ("quantity__gt", 0)
                        ),
                        name="production_demand_open_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("priority__gte", 1), ("priority__lte", 9)),
                        name="production_demand_priority",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["state", "due_on", "id"], name="production_demand_by_day"),
                    models.Index(fields=["item"], name="production_demand_by_item"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanningData",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="masterdata.item",
                    ),
                ),
                (
                    "lot_rule",
                    models.CharField(
                        choices=[
                            ("l4l", "按需"),
                            ("foq", "固定批量"),
                            ("min_max", "最小批量"),
                            ("poq", "定期合并"),
                            ("eoq", "经济批量"),
                            ("ww", "动态批量"),
                        ],
                        default="l4l",
                        max_length=10,
                    ),
                ),
                ("fixed_quantity", models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True)),
                ("min_lot", models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True)),
                ("max_lot", models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True)),
                ("multiple", models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True)),
                ("period_days", models.PositiveIntegerField(default=0)),
                ("order_cost", models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=18)),
                ("holding_cost", models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=18)),
                ("annual_demand", models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=18)),
                ("lead_days", models.PositiveIntegerField(default=0)),
                ("safety_stock", models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=18)),
                ("tolerance_days", models.PositiveIntegerField(default=0)),
                (
                    "source",
                    models.CharField(
                        blank=True, choices=[("make", "自制"), ("buy", "采购")], default="", max_length=10
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "supplier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.partner",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("max_lot__isnull", True),
                            ("min_lot__isnull", True),
                            ("max_lot__gte", models.F("min_lot")),
                            _connector="OR",
                        ),
                        name="production_plan_max_over_min",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fixed_quantity__isnull", True), ("fixed_quantity__gt", 0), _connector="OR"),
                            models.Q(("min_lot__isnull", True), ("min_lot__gte", 0), _connector="OR"),
                            models.Q(("max_lot__isnull", True), ("max_lot__gt", 0), _connector="OR"),
                            models.Q(("multiple__isnull", True), ("multiple__gt", 0), _connector="OR"),
                        ),
                        name="production_plan_lots_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("annual_demand__gte", 0),
                            ("holding_cost__gte", 0),
                            ("order_cost__gte", 0),
                            ("safety_stock__gte", 0),
                        ),
                        name="production_plan_not_negative",
                    ),
                    models.CheckConstraint(condition=models.Q(("lead_days__lte", 3650)), name="production_plan_lead"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scenario", models.BigIntegerField(blank=True, null=True)),
                ("start_on", models.DateField()),
                ("horizon_days", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "排队中"),
                            ("running", "进行中"),
                            ("done", "已完成"),
                            ("failed", "失败"),
                            ("cancelled", "已取消"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("is_current", models.BooleanField(default=False)),
                ("items", models.PositiveIntegerField(default=0)),
                ("orders", models.PositiveIntegerField(default=0)),
                ("messages", models.PositiveIntegerField(default=0)),
                ("seconds", models.DecimalField(blank=True, decimal_places=3, max_digits=10, null=True)),
                ("error", models.CharField(blank=True, default="", max_length=500)),
                ("job_id", models.BigIntegerField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=60)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("is_current",),
                        name="production_planrun_one_current",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("horizon_days__gte", 1)), name="production_planrun_horizon"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("kind", models.CharField(default="buy", max_length=4)),
                ("on_hand", models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=18)),
                ("safety_stock", models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=18)),
                ("days", models.BinaryField()),
                (
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="masterdata.item",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="rows",
                        to="production.planrun",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("run", "item"), name="production_planrow_once")],
            },
        ),
        migrations.CreateModel(
            name="PlanReceipt",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("number", models.CharField(max_length=64)),
                ("line", models.PositiveIntegerField(default=0)),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("due_on", models.DateField()),
                ("need_on", models.DateField(blank=True, null=True)),
                (
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="masterdata.item",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="receipts",
                        to="production.planrun",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlannedOrder",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("make", "自制"), ("buy", "采购")], max_length=4)),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("release_on", models.DateField()),
                ("due_on", models.DateField()),
                ("past_due_days", models.PositiveIntegerField(default=0)),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("firm", models.BooleanField(default=False)),
                ("released_as", models.CharField(blank=True, default="", max_length=64)),
                (
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="masterdata.item",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="planned_orders",
                        to="production.planrun",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="production_planned_positive")
                ],
                "indexes": [
                    models.Index(fields=["run", "release_on", "due_on", "id"], name="production_planned_by_day"),
                    models.Index(fields=["item", "run"], name="production_planned_by_item"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20)),
                ("order_kind", models.CharField(blank=True, default="", max_length=20)),
                ("order_number", models.CharField(blank=True, default="", max_length=64)),
                ("from_on", models.DateField(blank=True, null=True)),
                ("to_on", models.DateField(blank=True, null=True)),
                ("days", models.IntegerField(default=0)),
                (
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="masterdata.item",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="plan_messages",
                        to="production.planrun",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["run", "code", "item", "id"], name="production_message_by_run")],
            },
        ),
        migrations.CreateModel(
            name="Peg",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("edges", models.BinaryField()),
                (
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="masterdata.item",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="pegs",
                        to="production.planrun",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("run", "item"), name="production_peg_once")],
            },
        ),
        migrations.CreateModel(
            name="ProductionSettings",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("plan_calendar", models.CharField(default="24x7", max_length=64)),
                ("report_tolerance", models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=7)),
                ("horizon_days", models.PositiveIntegerField(default=364)),
                ("time_limit_s", models.PositiveIntegerField(default=60)),
                ("workers", models.PositiveSmallIntegerField(default=2)),
                ("overhead_rate", models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=18)),
                ("hold_partial", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="production_settings_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("report_tolerance__gte", 0), ("report_tolerance__lte", 1)),
                        name="production_tolerance_is_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("horizon_days__gte", 1), ("horizon_days__lte", 1830)),
                        name="production_horizon",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("overhead_rate__gte", 0)), name="production_overhead_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StockEntry",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="masterdata.item",
                    ),
                ),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("entered_at", models.DateTimeField()),
                ("entered_by_id", models.BigIntegerField(null=True)),
                ("entered_by_name", models.CharField(blank=True, default="", max_length=60)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 0)), name="production_stock_not_negative"
                    )
                ],
            },
        ),
        SchemaSQL(GUARDS, reverse=GUARDS_OFF),
        *[AppendOnly(table, keep="DELETE") for table in RUN_TABLES],
        AppendOnly("production_plannedorder", keep="DELETE", columns=("released_as", "firm")),
    ]
