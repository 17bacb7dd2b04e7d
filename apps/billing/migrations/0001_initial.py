from decimal import Decimal

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenants", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="UsageEvent",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("tenant_id", models.BigIntegerField()),
                ("transaction_id", models.CharField(max_length=120)),
                ("meter", models.CharField(max_length=60)),
                ("value", models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                ("occurred_at", models.DateTimeField()),
                ("local_day", models.DateField()),
                ("received_at", models.DateTimeField()),
                ("properties", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "billing_usageevent",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                ("code", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("bank", models.CharField(max_length=100)),
                ("number", models.CharField(max_length=40)),
                ("currency", models.CharField(default="CNY", max_length=3)),
            ],
        ),
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                ("series", models.CharField(max_length=12, primary_key=True, serialize=False)),
                ("last", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="BankStatementImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("profile", models.CharField(max_length=20)),
                ("file_name", models.CharField(max_length=200)),
                ("file_hash", models.CharField(max_length=64)),
                ("file", models.CharField(blank=True, default="", max_length=200)),
                ("counts", models.JSONField(default=dict)),
                ("errors", models.JSONField(default=list)),
                ("made_by_id", models.BigIntegerField(null=True)),
                ("made_by_name", models.CharField(blank=True, default="", max_length=60)),
                ("made_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.bankaccount"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200)),
                ("actor", models.CharField(max_length=60)),
                ("method_path", models.CharField(max_length=300)),
                ("body_hash", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("body", models.TextField(blank=True, default="")),
                ("content_type", models.CharField(blank=True, default="", max_length=100)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["created_at"], name="billing_idempotency_key_age")],
                "constraints": [models.UniqueConstraint(fields=("key", "actor"), name="billing_idempotency_key_once")],
            },
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("trial_end", "试用转正"),
                            ("recurring", "按期"),
                            ("change", "变更"),
                            ("final", "结清"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("building", "生成中"),
                            ("draft", "草稿"),
                            ("finalising", "出账中"),
                            ("open", "待付"),
                            ("partially_paid", "部分已付"),
                            ("paid", "已付"),
                            ("void", "已作废"),
                            ("uncollectible", "已核销"),
                        ],
                        default="draft",
                        max_length=16,
                    ),
                ),
                ("number", models.CharField(max_length=24, null=True)),
                ("period_start", models.DateField()),
                ("period_end", models.DateField()),
                ("usage_start", models.DateField(null=True)),
                ("usage_end", models.DateField(null=True)),
                ("issued_on", models.DateField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("finalise_after", models.DateTimeField(null=True)),
                ("finalised_at", models.DateTimeField(null=True)),
                ("subtotal", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("true_up", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("discount", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("promo", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("list_total", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("concession", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("total", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("net", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("tax", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("balance_applied", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("wallet_applied", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("balance_credit", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("paid", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("credited", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("credited_to_share", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("written_off", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("buyer", models.JSONField(blank=True, default=dict)),
                ("failed_step", models.CharField(blank=True, default="", max_length=40)),
                ("failed_reason", models.CharField(blank=True, default="", max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="invoice_number_once"),
                    models.CheckConstraint(condition=models.Q(("total__gte", 0)), name="invoice_total_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "total",
                                django.db.models.expressions.CombinedExpression(models.F("net"), "+", models.F("tax")),
                            )
                        ),
                        name="invoice_net_and_tax",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", None), ("state__in", ("building", "draft", "finalising"))),
                            models.Q(
                                ("number__isnull", False),
                                models.Q(("state__in", ("building", "draft", "finalising")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="invoice_number_with_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("credited__lte", models.F("total"))), name="invoice_credited_at_most_total"
                    ),
                ],
                "indexes": [
                    models.Index(fields=["tenant", "-id"], name="invoice_of_tenant"),
                    models.Index(fields=["state", "finalise_after"], name="invoice_waiting"),
                    models.Index(
                        condition=models.Q(("state__in", ("open", "partially_paid"))),
                        fields=["due_on", "id"],
                        name="invoice_unpaid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("item", models.CharField(blank=True, default="", max_length=60)),
                ("description", models.CharField(max_length=200)),
                ("service_start", models.DateField()),
                ("service_end", models.DateField()),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=24)),
                ("unit_price", models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                ("billed_days", models.PositiveSmallIntegerField(null=True)),
                ("period_days", models.PositiveSmallIntegerField(null=True)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                ("discount", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("net", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("tax", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("tax_rate", models.DecimalField(decimal_places=8, max_digits=18)),
                ("detail", models.JSONField(blank=True, default=dict)),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="billing.invoice"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("invoice", "position"), name="invoice_line_position_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "net",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("amount"), "-", models.F("discount")
                                    ),
                                    "-",
                                    models.F("tax"),
                                ),
                            )
                        ),
                        name="invoice_line_net_and_tax",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "payer",
                    models.CharField(
                        choices=[("enterprise", "企业"), ("provider", "服务商"), ("government", "政府")], max_length=12
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("settled", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shares", to="billing.invoice"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("invoice", "payer"), name="invoice_share_once"),
                    models.CheckConstraint(
                        condition=models.Q(("settled__lte", models.F("amount"))), name="invoice_share_not_overpaid"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JobRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("for_moment", models.DateTimeField()),
                ("counts", models.JSONField(default=dict)),
                ("failed", models.JSONField(default=list)),
            ],
            options={
                "indexes": [models.Index(fields=["name", "-id"], name="job_run_newest")],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30)),
                ("source", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("made_on", models.DateField()),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("source",), name="ledger_entry_source_once")],
                "indexes": [models.Index(fields=["tenant", "id"], name="ledger_entry_of_tenant")],
            },
        ),
        migrations.CreateModel(
            name="LedgerPosting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.CharField(max_length=30)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="postings", to="billing.ledgerentry"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="ledger_posting_moves_something"
                    )
                ],
                "indexes": [models.Index(fields=["account", "id"], name="ledger_posting_of_account")],
            },
        ),
        migrations.CreateModel(
            name="Meter",
            fields=[
                ("code", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("unit", models.CharField(max_length=20)),
                ("aggregation", models.CharField(default="sum", max_length=20)),
                ("unique_key", models.CharField(blank=True, default="", max_length=40)),
                (
                    "source",
                    models.CharField(
                        choices=[("fact", "业务事实"), ("api", "接口上报"), ("gauge", "每日水位")],
                        default="fact",
                        max_length=10,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("aggregation__in", ("count", "sum", "max", "last", "unique_count"))),
                        name="meter_known_aggregation",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("limit_amount", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("thresholds", models.JSONField(default=list)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
                (
                    "meter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.meter"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("tenant", "meter"), name="alert_rule_once")],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gateway", models.CharField(max_length=20)),
                ("external_id", models.CharField(max_length=120)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                ("to_balance", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("refunded", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("state", models.CharField(default="succeeded", max_length=20)),
                ("received_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("gateway", "external_id"), name="payment_external_once"),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="payment_brings_something"),
                    models.CheckConstraint(
                        condition=models.Q(("refunded__lte", models.F("amount"))), name="payment_refunded_at_most"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankStatementLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("serial", models.CharField(max_length=80)),
                ("booked_at", models.DateTimeField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                ("currency", models.CharField(max_length=3)),
                ("payer_name", models.CharField(blank=True, default="", max_length=200)),
                ("payer_account", models.CharField(blank=True, default="", max_length=60)),
                ("remark", models.CharField(blank=True, default="", max_length=400)),
                ("body_hash", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "待核对"),
                            ("suggested", "有建议"),
                            ("matched", "已核对"),
                            ("split", "已拆分"),
                            ("ignored", "已忽略"),
                            ("returned", "已退回"),
                            ("conflict", "冲突"),
                        ],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=20)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.bankaccount"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="billing.bankstatementimport",
                    ),
                ),
                (
                    "suggested",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="billing.invoice"
                    ),
                ),
                (
                    "payment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_line",
                        to="billing.payment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "conflict"), _negated=True),
                        fields=("account", "serial"),
                        name="bank_line_once",
                    )
                ],
                "indexes": [models.Index(fields=["state", "-id"], name="bank_line_queue")],
            },
        ),
        migrations.CreateModel(
            name="PaymentAllocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                ("made_at", models.DateTimeField()),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="allocations", to="billing.invoice"
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="allocations", to="billing.payment"
                    ),
                ),
                (
                    "share",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="billing.invoiceshare",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="allocation_pays_something")
                ],
            },
        ),
        migrations.CreateModel(
            name="PricePlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40)),
                ("version", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "草稿"), ("published", "已发布"), ("retired", "已停用")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("effective_from", models.DateField()),
                ("grandfathered_until", models.DateField(null=True)),
                ("trial_days", models.PositiveSmallIntegerField(default=14)),
                ("created_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code", "version"), name="price_plan_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("grandfathered_until", None),
                            ("grandfathered_until__gte", models.F("effective_from")),
                            _connector="OR",
                        ),
                        name="price_plan_grandfathers_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Price",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("base", "基础版"), ("module", "模块"), ("seat", "席位"), ("usage", "用量")],
                        max_length=10,
                    ),
                ),
                ("item", models.CharField(blank=True, default="", max_length=60)),
                ("name", models.CharField(max_length=60)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("interval", models.CharField(max_length=5)),
                ("model", models.CharField(default="per_unit", max_length=12)),
                ("unit_price", models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=18)),
                ("tiers", models.JSONField(blank=True, default=list)),
                ("free_units", models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=18)),
                ("free_prorated", models.BooleanField(default=False)),
                ("package_size", models.DecimalField(decimal_places=6, default=Decimal("1"), max_digits=18)),
                ("package_price", models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=18)),
                ("rate", models.DecimalField(decimal_places=8, default=Decimal("0"), max_digits=18)),
                ("fixed_per_transaction", models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=18)),
                ("minimum", models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=18)),
                ("tax_behavior", models.CharField(default="inclusive", max_length=10)),
                ("timing", models.CharField(default="advance", max_length=10)),
                (
                    "meter",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.meter"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="prices", to="billing.priceplan"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("item", ""), _negated=True),
                        fields=("plan", "item", "interval"),
                        name="price_item_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("meter__isnull", False)),
                        fields=("plan", "meter", "interval"),
                        name="price_meter_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("item", ""), ("meter__isnull", False)),
                            models.Q(models.Q(("item", ""), _negated=True), ("meter", None)),
                            _connector="OR",
                        ),
                        name="price_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("interval__in", ("month", "year"))), name="price_known_interval"
                    ),
                    models.CheckConstraint(condition=models.Q(("unit_price__gte", 0)), name="price_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=43)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("awaiting_email", "待确认邮箱"),
                            ("provisioning", "开通中"),
                            ("ready", "已开通"),
                            ("failed", "失败"),
                        ],
                        default="awaiting_email",
                        max_length=20,
                    ),
                ),
                ("company", models.CharField(max_length=200)),
                ("slug", models.CharField(max_length=63)),
                ("owner_name", models.CharField(max_length=60)),
                ("owner_email", models.CharField(max_length=254)),
                ("phone", models.CharField(blank=True, default="", max_length=20)),
                ("password_hash", models.CharField(max_length=128)),
                ("modules", models.JSONField(default=list)),
                ("interval", models.CharField(default="month", max_length=5)),
                ("alignment", models.CharField(default="calendar", max_length=11)),
                ("code_hash", models.CharField(max_length=64)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("ip", models.GenericIPAddressField(null=True)),
                ("token_shown_at", models.DateTimeField(null=True)),
                ("failure", models.CharField(blank=True, default="", max_length=300)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("public_id",), name="signup_public_id_once")],
                "indexes": [
                    models.Index(fields=["owner_email", "created_at"], name="signup_by_mailbox"),
                    models.Index(fields=["ip", "created_at"], name="signup_by_address"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpendCap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mode", models.CharField(max_length=4)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                (
                    "meter",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.meter"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "meter"), name="spend_cap_once", nulls_distinct=False),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ("hard", "soft"))), name="spend_cap_known_mode"
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="spend_cap_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(max_length=20)),
                ("interval", models.CharField(default="month", max_length=5)),
                ("alignment", models.CharField(default="calendar", max_length=11)),
                ("next_interval", models.CharField(blank=True, default="", max_length=5)),
                ("started_on", models.DateField()),
                ("anchor_date", models.DateField(null=True)),
                ("trial_end", models.DateField(null=True)),
                ("billed_from", models.DateField(null=True)),
                ("period_start", models.DateField(null=True)),
                ("period_end", models.DateField(null=True)),
                ("usage_until", models.DateField(null=True)),
                ("scheduled", models.JSONField(blank=True, default=dict)),
                ("terms_accepted_at", models.DateTimeField(null=True)),
                ("cancel_on", models.DateField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("dunning_paused_from", models.DateField(null=True)),
                ("dunning_paused_until", models.DateField(null=True)),
                ("dunning_pause_reason", models.CharField(blank=True, default="", max_length=200)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=("tenant",),
                        name="subscription_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("interval__in", ("month", "year"))), name="subscription_known_interval"
                    ),
                ],
                "indexes": [models.Index(fields=["period_end", "id"], name="subscription_due")],
            },
        ),
        migrations.AddField(
            model_name="invoice",
            name="subscription",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="invoices", to="billing.subscription"
            ),
        ),
        migrations.CreateModel(
            name="AlertFired",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period_start", models.DateField()),
                ("threshold", models.PositiveSmallIntegerField()),
                ("fired_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
                (
                    "meter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.meter",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="billing.subscription"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subscription", "meter", "period_start", "threshold"), name="alert_fired_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SubscriptionChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("idempotency_key", models.CharField(max_length=200)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(max_length=60)),
                ("made_at", models.DateTimeField()),
                ("made_on", models.DateField()),
                ("steps", models.JSONField()),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("quote", models.CharField(max_length=64)),
                ("lines", models.JSONField()),
                ("net", models.DecimalField(decimal_places=2, max_digits=18)),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="billing.subscription"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "idempotency_key"), name="subscription_change_key_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PendingLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("item", models.CharField(max_length=60)),
                ("quantity", models.IntegerField()),
                ("unit_price", models.DecimalField(decimal_places=6, max_digits=18)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                ("period_start", models.DateField()),
                ("service_start", models.DateField()),
                ("service_end", models.DateField()),
                ("billed_days", models.PositiveSmallIntegerField()),
                ("period_days", models.PositiveSmallIntegerField()),
                ("made_on", models.DateField()),
                (
                    "taken_by",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="pending_line",
                        to="billing.invoiceline",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
                (
                    "price",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.price"
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pending_lines",
                        to="billing.subscription",
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="billed_lines",
                        to="billing.subscriptionchange",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subscription", "period_start", "item"], name="pending_line_of_period"),
                    models.Index(
                        condition=models.Q(("taken_by", None)),
                        fields=["subscription", "id"],
                        name="pending_line_waiting",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="invoice",
            name="change",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invoices",
                to="billing.subscriptionchange",
            ),
        ),
        migrations.CreateModel(
            name="SubscriptionItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.CharField(max_length=60)),
                ("quantity", models.PositiveIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "price",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.price"
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="billing.subscription"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 1)), name="subscription_item_holds_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="subscription_item_in_order",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["subscription", "item", "valid_from"], name="subscription_item_history")
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=60)),
                ("rate", models.DecimalField(decimal_places=8, max_digits=18)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("is_standard", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("code", "valid_from"), name="tax_rate_once")],
            },
        ),
        migrations.CreateModel(
            name="TaxTotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rate", models.DecimalField(decimal_places=8, max_digits=18)),
                ("gross", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("net", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                ("tax", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=18)),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="taxes", to="billing.invoice"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("invoice", "rate"), name="tax_total_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "gross",
                                django.db.models.expressions.CombinedExpression(models.F("net"), "+", models.F("tax")),
                            )
                        ),
                        name="tax_total_splits",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UsageConflict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transaction_id", models.CharField(max_length=120)),
                ("received_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["received_at"], name="usage_conflict_age")],
            },
        ),
        migrations.CreateModel(
            name="UsageDirtyDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("meter", models.CharField(max_length=60)),
                ("day", models.DateField()),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "meter", "day"), name="usage_dirty_day_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="UsageEventKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "tenant_id", "transaction_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("transaction_id", models.CharField(max_length=120)),
                ("payload_hash", models.CharField(max_length=64)),
                ("month", models.DateField()),
                ("created_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["created_at"], name="usage_event_key_age")],
            },
        ),
        migrations.CreateModel(
            name="UsagePeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period_start", models.DateField()),
                ("period_end", models.DateField()),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=24)),
                ("charged", models.DecimalField(decimal_places=2, max_digits=18)),
                ("waived", models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=18)),
                ("finalised_at", models.DateTimeField()),
                ("dirty", models.BooleanField(default=False)),
                (
                    "meter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.meter",
                    ),
                ),
                (
                    "price",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.price"
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="usage_periods",
                        to="billing.subscription",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("subscription", "meter", "period_start"), name="usage_period_once")
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("dirty", True)), fields=["subscription"], name="usage_period_dirty"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UsageQuarantine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transaction_id", models.CharField(max_length=120)),
                ("meter", models.CharField(max_length=60)),
                ("value", models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                ("occurred_at", models.DateTimeField()),
                ("properties", models.JSONField(default=dict)),
                ("received_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[("quarantined", "待处理"), ("released", "已放行"), ("discarded", "已丢弃")],
                        default="quarantined",
                        max_length=12,
                    ),
                ),
                ("resolved_at", models.DateTimeField(null=True)),
                ("resolution", models.CharField(blank=True, default="", max_length=200)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "transaction_id"), name="usage_quarantine_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="UsageRollupDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("count", models.BigIntegerField(default=0)),
                ("sum", models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=24)),
                ("max", models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=18)),
                ("last", models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=18)),
                ("last_at", models.DateTimeField(null=True)),
                (
                    "meter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.meter",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "meter", "day"), name="usage_rollup_day_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="UsageVoid",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transaction_id", models.CharField(max_length=120)),
                ("target", models.CharField(max_length=120)),
                ("event_id", models.BigIntegerField()),
                ("meter", models.CharField(max_length=60)),
                ("local_day", models.DateField()),
                ("made_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("tenant", "target"), name="usage_void_target_once")],
                "indexes": [models.Index(fields=["event_id"], name="usage_void_event")],
            },
        ),
        migrations.CreateModel(
            name="UsageWatermark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("last_id", models.BigIntegerField(default=0)),
                ("moved_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="usage_watermark_single_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditLog",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(max_length=60)),
                ("action", models.CharField(max_length=60)),
                ("object", models.CharField(max_length=80)),
                ("label", models.CharField(max_length=200)),
                ("changes", models.JSONField(default=dict)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("ip", models.GenericIPAddressField(null=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["tenant", "-id"], name="billing_audit_of_tenant")],
            },
        ),
        migrations.CreateModel(
            name="BalanceEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                ("kind", models.CharField(max_length=30)),
                ("source", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("tenant", "source"), name="balance_entry_source_once")],
            },
        ),
        migrations.CreateModel(
            name="BillingAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("legal_name", models.CharField(blank=True, default="", max_length=200)),
                ("tax_id", models.CharField(blank=True, default="", max_length=20)),
                ("bank_name", models.CharField(blank=True, default="", max_length=100)),
                ("bank_account", models.CharField(blank=True, default="", max_length=40)),
                ("address", models.CharField(blank=True, default="", max_length=200)),
                ("phone", models.CharField(blank=True, default="", max_length=40)),
                ("terms_days", models.PositiveSmallIntegerField(default=15)),
                ("emails", models.JSONField(blank=True, default=list)),
                ("balance", models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=18)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant",), name="billing_account_once"),
                    models.CheckConstraint(
                        condition=models.Q(("balance__gte", 0)), name="billing_account_balance_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DunningStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("on", models.DateField()),
                ("made_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="dunning_steps", to="billing.invoice"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("invoice", "kind", "on"), name="dunning_step_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reason", "change"), _negated=True),
                fields=("subscription", "reason", "period_start"),
                name="invoice_run_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(fields=("change",), name="invoice_change_once"),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("change__isnull", False), ("reason", "change")),
                    models.Q(models.Q(("reason", "change"), _negated=True), ("change", None)),
                    _connector="OR",
                ),
                name="invoice_change_named",
            ),
        ),
    ]
