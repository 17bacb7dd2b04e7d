"""自动凭证规则 and business facts; what a version or a fact says never changes, the database sees to it."""

import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models

from tenants.db.operations import AppendOnly, SchemaSQL

FACT_STATE = ("state", "reason", "message", "rule_version_id", "voucher_id", "tried_at")

FACT_GUARD = """
CREATE FUNCTION "{schema}".finance_fact_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
DECLARE
    may_change text[] := '{state,reason,message,rule_version_id,voucher_id,tried_at}';
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'business fact % is not deleted', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF (to_jsonb(NEW) - may_change) IS DISTINCT FROM (to_jsonb(OLD) - may_change) THEN
        RAISE EXCEPTION 'business fact % is what it was', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
TRIGGERS = (
    """CREATE TRIGGER finance_fact_guard BEFORE UPDATE OR DELETE ON "{schema}".finance_businessfact
    FOR EACH ROW EXECUTE FUNCTION "{schema}".finance_fact_guard()""",
    """CREATE TRIGGER finance_postingruleversion_once BEFORE UPDATE OR DELETE ON "{schema}".finance_postingruleversion
    FOR EACH ROW EXECUTE FUNCTION "{schema}".refuse_change()""",
)
REVERSE = [
    'DROP TRIGGER finance_postingruleversion_once ON "{schema}".finance_postingruleversion',
    'DROP TRIGGER finance_fact_guard ON "{schema}".finance_businessfact',
    'DROP FUNCTION "{schema}".finance_fact_guard()',
]


class Migration(migrations.Migration):
    dependencies = [
        ("finance", "0002_posted_is_final"),
    ]

    operations = [
        migrations.CreateModel(
            name="PostingRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=60)),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("fact", models.CharField(max_length=60)),
                ("priority", models.IntegerField(default=100)),
                (
                    "grouping",
                    models.CharField(
                        choices=[("each", "逐笔"), ("day", "按日汇总"), ("month", "按月汇总")],
                        default="each",
                        max_length=8,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("auto_review", models.BooleanField(default=False)),
                ("seeded", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [models.Index(fields=["fact", "priority", "code"], name="finance_posting_rule_order")],
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="finance_posting_rule_once"),
                    models.CheckConstraint(
                        condition=models.Q(("grouping__in", ["each", "day", "month"])),
                        name="finance_posting_rule_grouping",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostingRuleVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=60)),
                ("version", models.IntegerField()),
                ("when", models.JSONField(default=dict)),
                ("word", models.CharField(max_length=8)),
                ("summary", models.CharField(max_length=200)),
                ("lines", models.JSONField(default=list)),
                (
                    "rule",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="finance.postingrule",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("rule", "version"), name="finance_rule_version_once"),
                    models.CheckConstraint(condition=models.Q(("version__gte", 1)), name="finance_rule_version_number"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BusinessFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.CharField(max_length=60)),
                ("source", models.CharField(max_length=120)),
                ("document", models.CharField(blank=True, default="", max_length=80)),
                ("occurred_on", models.DateField()),
                ("data", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待处理"),
                            ("no_rule", "没有规则"),
                            ("drafted", "已生成凭证"),
                            ("set_aside", "已搁置"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=60)),
                ("message", models.CharField(blank=True, default="", max_length=500)),
                ("received_at", models.DateTimeField()),
                ("received_by_id", models.BigIntegerField(null=True)),
                ("received_by_name", models.CharField(blank=True, default="", max_length=80)),
                ("tried_at", models.DateTimeField(null=True)),
                (
                    "voucher",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="finance.voucher",
                    ),
                ),
                (
                    "rule_version",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="finance.postingruleversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source",), name="finance_fact_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("rule_version__isnull", False), ("state", "drafted"), ("voucher__isnull", False)),
                            models.Q(("state__in", ["waiting", "no_rule", "set_aside"]), ("voucher", None)),
                            _connector="OR",
                        ),
                        name="finance_fact_state",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["state", "occurred_on", "id"], name="finance_fact_queue"),
                    models.Index(fields=["source"], name="finance_fact_source", opclasses=["varchar_pattern_ops"]),
                    models.Index(
                        condition=models.Q(("voucher__isnull", False)), fields=["voucher"], name="finance_fact_voucher"
                    ),
                    models.Index(
                        condition=models.Q(("document", ""), _negated=True),
                        fields=["document"],
                        name="finance_fact_document",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StockAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=60)),
                ("category", models.CharField(max_length=120)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="finance.ledgeraccount",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("category",), name="finance_stock_account_once")],
            },
        ),
        AppendOnly("finance_postingruleversion"),
        AppendOnly("finance_postingrule", keep="UPDATE"),
        AppendOnly("finance_businessfact", columns=FACT_STATE),
        SchemaSQL(["SET LOCAL citus.enable_unsafe_triggers = on", FACT_GUARD, *TRIGGERS], reverse=REVERSE),
    ]
