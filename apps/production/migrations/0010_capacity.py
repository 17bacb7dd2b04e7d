from decimal import Decimal

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from tenants.db.operations import SchemaSQL

# The ids stand in as ranges of one: gist knows ranges by itself.
RANGES = [
    """
ALTER TABLE "{schema}".production_calendarshift ADD CONSTRAINT production_shifts_disjoint
EXCLUDE USING gist (int8range(calendar_id, calendar_id, '[]') WITH &&, int4range(from_minute, to_minute) WITH &&)
DEFERRABLE INITIALLY IMMEDIATE
""",
    """
ALTER TABLE "{schema}".production_routing ADD CONSTRAINT production_routing_no_overlap
EXCLUDE USING gist (int8range(item_id, item_id, '[]') WITH &&, daterange(valid_from, valid_to, '[]') WITH &&)
WHERE (state = 'active')
""",
    # A published place holds one step at a time; unit 0 takes no capacity. Checked when the statement ends: bars change
    # places in one UPDATE.
    """
ALTER TABLE "{schema}".production_scheduledstep ADD CONSTRAINT production_scheduled_no_overlap
EXCLUDE USING gist (int8range(work_centre_id, work_centre_id, '[]') WITH &&, int4range(unit, unit, '[]') WITH &&,
    tstzrange(start_at, end_at) WITH &&)
WHERE (published AND unit > 0) DEFERRABLE INITIALLY IMMEDIATE
""",
]
RANGES_OFF = [
    'ALTER TABLE "{schema}".production_scheduledstep DROP CONSTRAINT production_scheduled_no_overlap',
    'ALTER TABLE "{schema}".production_routing DROP CONSTRAINT production_routing_no_overlap',
    'ALTER TABLE "{schema}".production_calendarshift DROP CONSTRAINT production_shifts_disjoint',
]


class Migration(migrations.Migration):
    dependencies = [
        ("masterdata", "0001_initial"),
        ("production", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Calendar",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("code_key", models.CharField(max_length=192)),
                ("name", models.CharField(max_length=200)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("code_key",), name="production_calendar_code_once")],
            },
        ),
        migrations.CreateModel(
            name="Routing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=20)),
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
                    models.UniqueConstraint(fields=("item", "version"), name="production_routing_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="production_routing_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scenario", models.BigIntegerField(blank=True, null=True)),
                ("start_at", models.DateTimeField()),
                ("frozen_until", models.DateTimeField(blank=True, null=True)),
                (
                    "objective",
                    models.CharField(
                        choices=[("lateness", "少延误"), ("makespan", "最早完工")], default="lateness", max_length=10
                    ),
                ),
                ("time_limit_s", models.PositiveIntegerField(default=60)),
                ("seed", models.PositiveIntegerField(default=0)),
                ("orders", models.JSONField(blank=True, default=list)),
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
                ("status", models.CharField(blank=True, default="", max_length=10)),
                ("steps", models.PositiveIntegerField(default=0)),
                ("makespan_minutes", models.BigIntegerField(default=0)),
                ("lower_bound", models.BigIntegerField(default=0)),
                ("tardiness_minutes", models.BigIntegerField(default=0)),
                ("late_orders", models.PositiveIntegerField(default=0)),
                ("moved_steps", models.PositiveIntegerField(default=0)),
                ("seconds", models.DecimalField(blank=True, decimal_places=3, max_digits=10, null=True)),
                ("error", models.CharField(blank=True, default="", max_length=500)),
                ("basis", models.JSONField(blank=True, default=list)),
                ("late", models.JSONField(blank=True, default=list)),
                ("cancel_asked", models.BooleanField(default=False)),
                ("job_id", models.BigIntegerField(blank=True, null=True)),
                ("is_published", models.BooleanField(default=False)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("published_by_name", models.CharField(blank=True, default="", max_length=60)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=60)),
                (
                    "base_run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="production.schedule",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_published", True)),
                        fields=("is_published",),
                        name="production_schedule_one_published",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_published", False), ("published_at__isnull", False), _connector="OR"),
                        name="production_schedule_published_at",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkCentre",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("code_key", models.CharField(max_length=192)),
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("machine", "设备"),
                            ("line", "产线"),
                            ("bench", "工位"),
                            ("person", "人员"),
                            ("subcontract", "委外"),
                        ],
                        default="machine",
                        max_length=12,
                    ),
                ),
                ("units", models.PositiveIntegerField(default=1)),
                ("efficiency", models.DecimalField(decimal_places=4, default=Decimal("1"), max_digits=9)),
                ("machine_rate", models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=18)),
                ("labour_rate", models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=18)),
                ("overhead_rate", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("setup_matrix", models.JSONField(blank=True, default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="production.calendar"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code_key",), name="production_work_centre_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("units__gte", 1), ("units__lte", 500)), name="production_work_centre_units"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("efficiency__gt", 0)), name="production_work_centre_efficient"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("labour_rate__gte", 0),
                            ("machine_rate__gte", 0),
                            models.Q(("overhead_rate__isnull", True), ("overhead_rate__gte", 0), _connector="OR"),
                        ),
                        name="production_work_centre_rates",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScheduledStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("work_order_id", models.BigIntegerField()),
                ("work_order", models.CharField(max_length=40)),
                ("step_id", models.BigIntegerField()),
                ("seq", models.PositiveIntegerField()),
                ("unit", models.PositiveIntegerField(default=1)),
                ("start_at", models.DateTimeField()),
                ("end_at", models.DateTimeField()),
                ("setup_minutes", models.PositiveIntegerField(default=0)),
                ("work_minutes", models.PositiveIntegerField(default=0)),
                ("frozen", models.BooleanField(default=False)),
                ("pinned", models.BooleanField(default=False)),
                ("moved", models.BooleanField(default=False)),
                ("published", models.BooleanField(default=False)),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scheduled_steps",
                        to="production.schedule",
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
                    models.UniqueConstraint(fields=("schedule", "step_id"), name="production_scheduled_once"),
                    models.CheckConstraint(
                        condition=models.Q(("end_at__gte", models.F("start_at"))),
                        name="production_scheduled_ends_after",
                    ),
                ],
                "indexes": [models.Index(fields=["schedule", "start_at", "id"], name="production_scheduled_in_time")],
            },
        ),
        migrations.CreateModel(
            name="RoutingStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("name", models.CharField(blank=True, default="", max_length=100)),
                ("setup_minutes", models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=18)),
                ("run_minutes", models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=18)),
                ("fixed_minutes", models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=18)),
                ("queue_minutes", models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=18)),
                ("overlap_quantity", models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True)),
                ("alternatives", models.JSONField(blank=True, default=list)),
                ("setup_group", models.CharField(blank=True, default="", max_length=40)),
                (
                    "inspect",
                    models.CharField(
                        choices=[("none", "不检"), ("first", "首检"), ("sample", "抽检"), ("all", "全检")],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("subcontract", models.JSONField(blank=True, null=True)),
                ("report_point", models.BooleanField(default=True)),
                ("piece_rate", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                (
                    "routing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="production.routing"
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
                    models.UniqueConstraint(fields=("routing", "seq"), name="production_routing_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fixed_minutes__gte", 0),
                            ("queue_minutes__gte", 0),
                            ("run_minutes__gte", 0),
                            ("setup_minutes__gte", 0),
                        ),
                        name="production_routing_step_minutes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("overlap_quantity__isnull", True), ("overlap_quantity__gt", 0), _connector="OR"
                        ),
                        name="production_routing_step_overlap",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("shifts", models.JSONField(blank=True, default=list)),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="exceptions", to="production.calendar"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("calendar", "on"), name="production_calendar_day_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarShift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_minute", models.PositiveIntegerField()),
                ("to_minute", models.PositiveIntegerField()),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shifts", to="production.calendar"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_minute__lt", 10080),
                            ("to_minute__gt", models.F("from_minute")),
                            (
                                "to_minute__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("from_minute"), "+", models.Value(1440)
                                ),
                            ),
                        ),
                        name="production_shift_has_a_length",
                    )
                ],
            },
        ),
        SchemaSQL(RANGES, reverse=RANGES_OFF),
    ]
