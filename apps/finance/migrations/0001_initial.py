import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import apps.finance.models.book


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="LedgerAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=60)),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=80)),
                ("name_en", models.CharField(blank=True, default="", max_length=120)),
                ("level", models.SmallIntegerField()),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("asset", "资产"),
                            ("liability", "负债"),
                            ("equity", "所有者权益"),
                            ("cost", "成本"),
                            ("profit_loss", "损益"),
                        ],
                        max_length=12,
                    ),
                ),
                ("direction", models.CharField(choices=[("debit", "借"), ("credit", "贷")], max_length=6)),
                ("is_leaf", models.BooleanField(default=True)),
                ("is_active", models.BooleanField(default=True)),
                ("statutory", models.BooleanField(default=False)),
                ("quantity", models.BooleanField(default=False)),
                ("currencies", models.JSONField(default=list)),
                ("revalue", models.BooleanField(default=False)),
                (
                    "cash_kind",
                    models.CharField(
                        choices=[
                            ("none", "非现金"),
                            ("cash", "库存现金"),
                            ("bank", "银行存款"),
                            ("other", "其他货币资金"),
                        ],
                        default="none",
                        max_length=8,
                    ),
                ),
                (
                    "open_item",
                    models.CharField(
                        choices=[("none", "不核销"), ("receivable", "应收"), ("payable", "应付")],
                        default="none",
                        max_length=12,
                    ),
                ),
                ("income_line", models.SmallIntegerField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="finance.ledgeraccount",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="finance_account_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9]{4,20}$")), name="finance_account_code_digits"
                    ),
                    models.CheckConstraint(condition=models.Q(("level__gte", 1)), name="finance_account_level"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Voucher",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=8)),
                ("no", models.IntegerField(null=True)),
                ("date", models.DateField()),
                (
                    "kind",
                    models.CharField(choices=[("normal", "普通"), ("closing", "结转")], default="normal", max_length=8),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "草稿"), ("reviewed", "已审核"), ("posted", "已记账")],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("attachment_count", models.IntegerField(default=0)),
                ("total", models.DecimalField(decimal_places=2, max_digits=18)),
                ("prepared_by_id", models.BigIntegerField(null=True)),
                ("prepared_by_name", models.CharField(max_length=80)),
                ("prepared_at", models.DateTimeField()),
                ("reviewed_by_id", models.BigIntegerField(null=True)),
                ("reviewed_by_name", models.CharField(blank=True, default="", max_length=80)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("posted_by_id", models.BigIntegerField(null=True)),
                ("posted_by_name", models.CharField(blank=True, default="", max_length=80)),
                ("posted_at", models.DateTimeField(null=True)),
                ("cashier_signed_by_id", models.BigIntegerField(null=True)),
                ("cashier_signed_by_name", models.CharField(blank=True, default="", max_length=80)),
                ("cashier_signed_at", models.DateTimeField(null=True)),
                ("source_kind", models.CharField(blank=True, default="", max_length=12)),
                ("source_ref", models.CharField(blank=True, default="", max_length=120)),
                ("rule_code", models.CharField(blank=True, default="", max_length=40)),
                ("rule_version", models.IntegerField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("chain_no", models.BigIntegerField(null=True)),
                ("previous_hash", models.CharField(blank=True, default="", max_length=64)),
                ("hash", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("chain_no",), name="finance_voucher_chain_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["normal", "closing"])), name="finance_voucher_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("attachment_count__gte", 0)),
                        name="finance_voucher_attachments_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("chain_no__gte", 1),
                                ("hash__regex", "^[0-9a-f]{64}$"),
                                ("no__gte", 1),
                                ("posted_at__isnull", False),
                                ("reviewed_at__isnull", False),
                                ("state", "posted"),
                            ),
                            models.Q(
                                ("chain_no", None),
                                ("hash", ""),
                                ("no", None),
                                ("posted_at", None),
                                ("state__in", ["draft", "reviewed"]),
                            ),
                            _connector="OR",
                        ),
                        name="finance_voucher_posted_is_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_at", None), ("state", "draft")),
                            ("state__in", ["reviewed", "posted"]),
                            _connector="OR",
                        ),
                        name="finance_voucher_draft_is_unsigned",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["date", "id"], name="finance_voucher_by_date"),
                    models.Index(fields=["source_kind", "source_ref"], name="finance_voucher_source"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuxCombo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=500)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("key",), name="finance_combo_key_once")],
            },
        ),
        migrations.CreateModel(
            name="Book",
            fields=[
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=60)),
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("company_name", models.CharField(max_length=120)),
                ("tax_id", models.CharField(max_length=20)),
                ("standard", models.CharField(default="small_enterprise", max_length=20)),
                ("base_currency", models.CharField(default="CNY", max_length=3)),
                ("start_period", models.CharField(max_length=7)),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "未建账"), ("setup", "建账中"), ("started", "已启用")],
                        default="setup",
                        max_length=10,
                    ),
                ),
                ("voucher_words", models.JSONField(default=apps.finance.models.book.default_words)),
                ("closing_word", models.CharField(default="记", max_length=8)),
                ("code_lengths", models.JSONField(default=apps.finance.models.book.default_lengths)),
                ("separate_reviewer", models.BooleanField(default=True)),
                ("cashier_sign", models.BooleanField(default=False)),
                ("monthly_profit_transfer", models.BooleanField(default=True)),
                (
                    "balance_side",
                    models.CharField(
                        choices=[("actual", "按余额方向"), ("account", "按科目方向")], default="actual", max_length=10
                    ),
                ),
                (
                    "crossing",
                    models.CharField(
                        choices=[("account", "按科目"), ("partner", "按往来单位")], default="account", max_length=10
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="finance_book_one_row")],
            },
        ),
        migrations.CreateModel(
            name="ChainHead",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                (
                    "hash",
                    models.CharField(
                        default="0000000000000000000000000000000000000000000000000000000000000000", max_length=64
                    ),
                ),
                ("length", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="finance_chain_one_head")],
            },
        ),
        migrations.CreateModel(
            name="Dimension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=60)),
                ("code", models.CharField(max_length=30)),
                ("name", models.CharField(max_length=40)),
                ("built_in", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("code",), name="finance_dimension_code_once")],
            },
        ),
        migrations.CreateModel(
            name="DimensionValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=60)),
                ("code", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "dimension",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="finance.dimension",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("dimension", "code"), name="finance_value_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[^;\\s][^;]*$")), name="finance_value_code_no_semicolon"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuxComboMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "combo",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="finance.auxcombo",
                    ),
                ),
                (
                    "dimension",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="finance.dimension",
                    ),
                ),
                (
                    "value",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="finance.dimensionvalue"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("combo", "dimension"), name="finance_combo_member_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=60)),
                ("currency", models.CharField(max_length=3)),
                ("on", models.DateField()),
                ("rate", models.DecimalField(decimal_places=8, max_digits=18)),
                ("source", models.CharField(blank=True, default="", max_length=60)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("currency", "on"), name="finance_rate_once"),
                    models.CheckConstraint(condition=models.Q(("rate__gt", 0)), name="finance_rate_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountDimension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("required", models.BooleanField(default=False)),
                (
                    "dimension",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="finance.dimension"
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dimensions",
                        to="finance.ledgeraccount",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "dimension"), name="finance_account_dimension_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningBalance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                ("balance", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("ytd_debit", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("ytd_credit", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("ytd_actual", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("quantity", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("fc_balance", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="finance.ledgeraccount",
                    ),
                ),
                (
                    "combo",
                    models.ForeignKey(
                        db_index=False,
                        default=0,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="finance.auxcombo",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "combo", "currency"), name="finance_opening_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningCashFlow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.SmallIntegerField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("line",), name="finance_opening_cash_flow_once"),
                    models.CheckConstraint(
                        condition=models.Q(("line__range", (1, 18)), models.Q(("line__in", [7, 13]), _negated=True)),
                        name="finance_opening_cash_flow_line",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.CharField(max_length=40)),
                ("on", models.DateField()),
                ("due_on", models.DateField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                (
                    "opening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="finance.openingbalance"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.SmallIntegerField()),
                ("month", models.SmallIntegerField()),
                ("index", models.IntegerField()),
                (
                    "state",
                    models.CharField(choices=[("open", "未结账"), ("closed", "已结账")], default="open", max_length=8),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by_id", models.BigIntegerField(null=True)),
                ("closed_by_name", models.CharField(blank=True, default="", max_length=60)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("year", "month"), name="finance_period_once"),
                    models.UniqueConstraint(fields=("index",), name="finance_period_index_once"),
                    models.CheckConstraint(condition=models.Q(("month__range", (1, 12))), name="finance_period_month"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "index",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("year"), "*", models.Value(12)
                                        ),
                                        "+",
                                        models.F("month"),
                                    ),
                                    "-",
                                    models.Value(1),
                                ),
                            )
                        ),
                        name="finance_period_index_of_month",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberCounter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=8)),
                ("last_no", models.IntegerField(default=0)),
                (
                    "period",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="finance.period",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("period", "word"), name="finance_counter_once"),
                    models.CheckConstraint(
                        condition=models.Q(("last_no__gte", 0)), name="finance_counter_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CashFlowBalance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.SmallIntegerField()),
                ("amount", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                (
                    "period",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="finance.period",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("period", "line"), name="finance_cash_flow_balance_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PeriodBalance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                ("debit", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("credit", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("closing_debit", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("closing_credit", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("fc_debit", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("fc_credit", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("qty_in", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("qty_out", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("n", models.IntegerField(default=0)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="finance.ledgeraccount"
                    ),
                ),
                (
                    "combo",
                    models.ForeignKey(
                        db_index=False,
                        default=0,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="finance.auxcombo",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="finance.period",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("period", "account", "combo", "currency"), name="finance_period_balance_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reclassification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=60)),
                ("from_line", models.SmallIntegerField()),
                ("to_line", models.SmallIntegerField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                ("reason", models.CharField(max_length=200)),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="finance.period"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_line", models.F("to_line")), _negated=True),
                        name="finance_reclassification_two_lines",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=60)),
                ("form", models.CharField(max_length=12)),
                ("rule", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=10)),
                ("valid_from", models.DateField()),
                ("is_active", models.BooleanField(default=True)),
                ("reason", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("form", "rule", "valid_from"), name="finance_statement_check_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=60)),
                ("form", models.CharField(max_length=12)),
                ("line", models.SmallIntegerField()),
                ("valid_from", models.DateField()),
                ("name", models.CharField(blank=True, default="", max_length=80)),
                ("formula", models.CharField(blank=True, default="", max_length=500)),
                ("reason", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("form", "line", "valid_from"), name="finance_statement_line_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxpayerKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[("small_scale", "小规模纳税人"), ("general", "一般纳税人")], max_length=12
                    ),
                ),
                ("from_date", models.DateField()),
                ("vat_filing", models.CharField(choices=[("month", "按月"), ("quarter", "按季")], max_length=8)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("from_date",), name="finance_taxpayer_kind_once"),
                    models.CheckConstraint(
                        condition=models.Q(("from_date__day", 1)), name="finance_taxpayer_kind_first_day"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=30)),
                ("applies_to", models.CharField(max_length=20)),
                ("label", models.CharField(max_length=40)),
                ("value", models.DecimalField(decimal_places=4, max_digits=18)),
                ("comparison", models.CharField(blank=True, default="", max_length=2)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("scope", models.CharField(blank=True, default="", max_length=200)),
                ("source", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rule", "applies_to", "label", "valid_from"), name="finance_tax_rule_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="finance_tax_rule_span",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VoucherLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.SmallIntegerField()),
                ("date", models.DateField()),
                ("summary", models.CharField(max_length=200)),
                ("debit", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("credit", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                ("fc_amount", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("rate", models.DecimalField(decimal_places=8, max_digits=18, null=True)),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ("unit_price", models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                ("due_on", models.DateField(null=True)),
                ("ref", models.CharField(blank=True, default="", max_length=40)),
                (
                    "combo",
                    models.ForeignKey(
                        db_index=False,
                        default=0,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="finance.auxcombo",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="finance.ledgeraccount",
                    ),
                ),
                (
                    "voucher",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="finance.voucher",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("voucher", "seq"), name="finance_line_seq_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("debit", 0), models.Q(("credit", 0), _negated=True)),
                            models.Q(models.Q(("debit", 0), _negated=True), ("credit", 0)),
                            _connector="OR",
                        ),
                        name="finance_line_one_side",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("currency", ""), ("fc_amount", None), ("rate", None)),
                            models.Q(
                                models.Q(("currency", ""), _negated=True),
                                ("fc_amount__isnull", False),
                                models.Q(("rate", None), ("rate__gt", 0), _connector="OR"),
                            ),
                            _connector="OR",
                        ),
                        name="finance_line_currency_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("summary", ""), _negated=True), name="finance_line_summary"
                    ),
                    models.CheckConstraint(condition=models.Q(("seq__gte", 1)), name="finance_line_seq"),
                ],
                "indexes": [
                    models.Index(fields=["account", "date", "voucher", "seq"], name="finance_line_ledger"),
                    models.Index(
                        condition=models.Q(("combo", 0), _negated=True), fields=["combo"], name="finance_line_combo"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="voucher",
            name="period",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="finance.period"
            ),
        ),
        migrations.AddField(
            model_name="voucher",
            name="reverses",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reversals",
                to="finance.voucher",
            ),
        ),
        migrations.CreateModel(
            name="CashFlowTag",
            fields=[
                (
                    "voucher_line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="cash_flow_tag",
                        serialize=False,
                        to="finance.voucherline",
                    ),
                ),
                ("line", models.SmallIntegerField()),
                ("guessed", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("line__range", (1, 18)), models.Q(("line__in", [7, 13]), _negated=True)),
                        name="finance_tag_line",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="voucher",
            index=models.Index(fields=["period", "state", "date", "id"], name="finance_voucher_list"),
        ),
        migrations.AddConstraint(
            model_name="voucher",
            constraint=models.UniqueConstraint(
                condition=models.Q(("no__isnull", False)),
                fields=("period", "word", "no"),
                name="finance_voucher_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="voucher",
            constraint=models.UniqueConstraint(fields=("reverses",), name="finance_voucher_reversed_once"),
        ),
    ]
