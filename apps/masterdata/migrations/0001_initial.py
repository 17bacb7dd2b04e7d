import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Category",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("code_key", models.CharField(max_length=192)),
                ("name", models.CharField(max_length=200)),
                ("pinyin", models.CharField(blank=True, default="", max_length=255)),
                ("search_text", models.TextField(blank=True, default="")),
                ("version", models.PositiveIntegerField(default=1)),
                ("path", models.TextField(blank=True, default="")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="masterdata.category",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code_key",), name="category_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True),
                        name="category_not_its_own_parent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AttributeTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("rows", models.JSONField(default=list)),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="templates", to="masterdata.category"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("category", "version"), name="attribute_template_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(("version__gt", 0)), name="attribute_template_version_counts"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Department",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("code_key", models.CharField(max_length=192)),
                ("name", models.CharField(max_length=200)),
                ("pinyin", models.CharField(blank=True, default="", max_length=255)),
                ("search_text", models.TextField(blank=True, default="")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="masterdata.department",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code_key",), name="department_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True),
                        name="department_not_its_own_parent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Employee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("code_key", models.CharField(max_length=192)),
                ("name", models.CharField(max_length=200)),
                ("pinyin", models.CharField(blank=True, default="", max_length=255)),
                ("search_text", models.TextField(blank=True, default="")),
                ("version", models.PositiveIntegerField(default=1)),
                ("mobile", models.CharField(blank=True, default="", max_length=30)),
                ("member_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(choices=[("active", "在职"), ("left", "离职")], default="active", max_length=10),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="employees",
                        to="masterdata.department",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code_key",), name="employee_code_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("member_id__isnull", False)),
                        fields=("member_id",),
                        name="employee_member_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Family",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("code_key", models.CharField(max_length=192)),
                ("name", models.CharField(max_length=200)),
                ("pinyin", models.CharField(blank=True, default="", max_length=255)),
                ("search_text", models.TextField(blank=True, default="")),
                ("version", models.PositiveIntegerField(default=1)),
                ("axes", models.JSONField(default=dict)),
                ("pattern", models.CharField(blank=True, default="", max_length=200)),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.category",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("code_key",), name="family_code_once")],
            },
        ),
        migrations.CreateModel(
            name="IssuedNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.CharField(max_length=40)),
                ("scope", models.CharField(blank=True, default="", max_length=80)),
                ("number", models.CharField(max_length=80)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("document", "scope", "number"), name="issued_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("code_key", models.CharField(max_length=192)),
                ("name", models.CharField(max_length=200)),
                ("pinyin", models.CharField(blank=True, default="", max_length=255)),
                ("search_text", models.TextField(blank=True, default="")),
                ("version", models.PositiveIntegerField(default=1)),
                ("spec", models.CharField(blank=True, default="", max_length=200)),
                ("drawing_no", models.CharField(blank=True, default="", max_length=100)),
                ("revision", models.CharField(blank=True, default="", max_length=20)),
                (
                    "source",
                    models.CharField(
                        choices=[("buy", "外购"), ("make", "自制"), ("outsource", "委外")], default="buy", max_length=10
                    ),
                ),
                ("is_stocked", models.BooleanField(default=True)),
                ("is_purchased", models.BooleanField(default=True)),
                ("is_sold", models.BooleanField(default=True)),
                ("is_service", models.BooleanField(default=False)),
                ("is_phantom", models.BooleanField(default=False)),
                ("weight", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "使用中"), ("stopped", "已停用")], default="active", max_length=10
                    ),
                ),
                (
                    "tracking",
                    models.CharField(
                        choices=[("none", "不追踪"), ("lot", "批次"), ("serial", "序列号")],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("shelf_life_days", models.PositiveIntegerField(blank=True, null=True)),
                ("attributes", models.JSONField(blank=True, default=dict)),
                ("axis_values", models.JSONField(blank=True, default=dict)),
                ("standard_cost", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("target_price", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("internal_note", models.TextField(blank=True, default="")),
                ("likeness", models.CharField(blank=True, default="", max_length=500)),
                ("is_moved", models.BooleanField(default=False)),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="masterdata.category",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="masterdata.family",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.item",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.attributetemplate",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("merged_into__isnull", True)),
                        fields=("code_key",),
                        name="item_code_once_among_items",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="item_not_merged_into_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shelf_life_days__isnull", True), ("shelf_life_days__gt", 0), _connector="OR"
                        ),
                        name="item_shelf_life_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("standard_cost__isnull", True), ("standard_cost__gte", 0), _connector="OR"),
                        name="item_cost_not_negative",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["code_key", "id"], name="item_by_code"),
                    models.Index(fields=["likeness"], name="item_by_likeness"),
                    models.Index(fields=["category"], name="item_by_category"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=192)),
                ("is_alias", models.BooleanField(default=False)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="codes", to="masterdata.item"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="item_code_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_alias", False)), fields=("item",), name="item_code_one_current"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemIdentifier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("issuer", models.CharField(max_length=100)),
                ("type", models.CharField(max_length=40)),
                ("value", models.CharField(max_length=200)),
                ("key", models.CharField(max_length=800)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="identifiers", to="masterdata.item"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("key",), name="item_identifier_once")],
            },
        ),
        migrations.CreateModel(
            name="NumberRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.CharField(max_length=40)),
                ("pattern", models.CharField(max_length=100)),
                (
                    "reset",
                    models.CharField(
                        choices=[("never", "不重新编号"), ("year", "每年"), ("month", "每月"), ("day", "每天")],
                        default="never",
                        max_length=10,
                    ),
                ),
                ("gapless", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("document",), name="number_rule_document_once")],
            },
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("code_key", models.CharField(max_length=192)),
                ("name", models.CharField(max_length=200)),
                ("pinyin", models.CharField(blank=True, default="", max_length=255)),
                ("search_text", models.TextField(blank=True, default="")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "kind",
                    models.CharField(
                        choices=[("company", "企业"), ("person", "个人")], default="company", max_length=10
                    ),
                ),
                ("is_customer", models.BooleanField(default=False)),
                ("is_supplier", models.BooleanField(default=False)),
                ("short_name", models.CharField(blank=True, default="", max_length=60)),
                ("uscc", models.CharField(blank=True, default="", max_length=18)),
                ("category", models.CharField(blank=True, default="", max_length=60)),
                (
                    "status",
                    models.CharField(
                        choices=[("potential", "潜在"), ("approved", "合格"), ("blocked", "冻结")],
                        default="approved",
                        max_length=10,
                    ),
                ),
                ("currency", models.CharField(default="CNY", max_length=3)),
                ("payment_terms", models.CharField(blank=True, default="", max_length=100)),
                ("tax_rate", models.DecimalField(blank=True, decimal_places=8, max_digits=9, null=True)),
                ("credit_limit", models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ("gln", models.CharField(blank=True, default="", max_length=13)),
                ("gs1_prefix", models.CharField(blank=True, default="", max_length=12)),
                ("internal_note", models.TextField(blank=True, default="")),
                ("likeness", models.CharField(blank=True, default="", max_length=255)),
                ("is_own", models.BooleanField(default=False)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="masterdata.employee",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_own", False)), fields=("code_key",), name="partner_code_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("uscc", ""), _negated=True), ("is_own", False)),
                        fields=("uscc",),
                        name="partner_uscc_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_own", True)), fields=("is_own",), name="partner_one_own_company"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("credit_limit__isnull", True), ("credit_limit__gte", 0), _connector="OR"),
                        name="partner_credit_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tax_rate__isnull", True),
                            models.Q(("tax_rate__gte", 0), ("tax_rate__lt", 1)),
                            _connector="OR",
                        ),
                        name="partner_tax_rate_is_share",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["code_key", "id"], name="partner_by_code"),
                    models.Index(fields=["likeness"], name="partner_by_likeness"),
                ],
                "base_manager_name": "everybody",
                "default_manager_name": "objects",
            },
            managers=[
                ("everybody", django.db.models.manager.Manager()),
                ("objects", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("mobile", models.CharField(blank=True, default="", max_length=30)),
                ("mobile_key", models.CharField(blank=True, default="", max_length=30)),
                ("email", models.CharField(blank=True, default="", max_length=254)),
                ("role", models.CharField(blank=True, default="", max_length=60)),
                ("is_primary", models.BooleanField(default=False)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="contacts", to="masterdata.partner"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_primary", True)), fields=("partner",), name="contact_one_primary"
                    )
                ],
                "indexes": [models.Index(fields=["mobile_key"], name="contact_by_mobile")],
            },
        ),
        migrations.CreateModel(
            name="BankChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("accounts", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待确认"), ("confirmed", "已确认"), ("rejected", "已拒绝")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("asked_by_id", models.BigIntegerField()),
                ("asked_by_name", models.CharField(max_length=60)),
                ("asked_at", models.DateTimeField()),
                ("decided_by_id", models.BigIntegerField(blank=True, null=True)),
                ("decided_by_name", models.CharField(blank=True, default="", max_length=60)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bank_changes",
                        to="masterdata.partner",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")), fields=("partner",), name="bank_change_one_waiting"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by_id__isnull", True),
                            ("state", "rejected"),
                            models.Q(("decided_by_id", models.F("asked_by_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="bank_change_second_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bank", models.CharField(max_length=100)),
                ("account_no", models.CharField(max_length=34)),
                ("account_name", models.CharField(blank=True, default="", max_length=100)),
                ("cnaps", models.CharField(blank=True, default="", max_length=12)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bank_accounts",
                        to="masterdata.partner",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("partner", "account_no"), name="bank_account_once")],
            },
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("registered", "注册地址"), ("delivery", "收货地址"), ("invoice", "开票地址")],
                        default="registered",
                        max_length=10,
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("receiver", models.CharField(blank=True, default="", max_length=60)),
                ("phone", models.CharField(blank=True, default="", max_length=30)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="addresses", to="masterdata.partner"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("code_key", models.CharField(max_length=192)),
                ("name", models.CharField(max_length=200)),
                ("pinyin", models.CharField(blank=True, default="", max_length=255)),
                ("search_text", models.TextField(blank=True, default="")),
                ("version", models.PositiveIntegerField(default=1)),
                ("decimals", models.PositiveSmallIntegerField(default=0)),
                ("rec20", models.CharField(blank=True, default="", max_length=10)),
                ("aliases", models.JSONField(blank=True, default=list)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code_key",), name="unit_code_once"),
                    models.CheckConstraint(condition=models.Q(("decimals__lte", 4)), name="unit_decimals_fit_ledger"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("numerator", models.BigIntegerField()),
                ("denominator", models.BigIntegerField(default=1)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="units", to="masterdata.item"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("item", "unit"), name="item_unit_once"),
                    models.CheckConstraint(
                        condition=models.Q(("denominator__gt", 0), ("numerator__gt", 0)),
                        name="item_unit_factor_positive",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="item",
            name="stock_unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.unit"
            ),
        ),
        migrations.AddField(
            model_name="family",
            name="stock_unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.unit"
            ),
        ),
        migrations.CreateModel(
            name="Barcode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("value", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=192)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="barcodes", to="masterdata.item"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.unit"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("key",), name="barcode_once")],
            },
        ),
        migrations.CreateModel(
            name="Warehouse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("code_key", models.CharField(max_length=192)),
                ("name", models.CharField(max_length=200)),
                ("pinyin", models.CharField(blank=True, default="", max_length=255)),
                ("search_text", models.TextField(blank=True, default="")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("normal", "普通仓"),
                            ("inspection", "待检仓"),
                            ("reject", "不良品仓"),
                            ("line_side", "线边仓"),
                            ("subcontract", "委外仓"),
                            ("transit", "在途仓"),
                        ],
                        default="normal",
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "使用中"), ("stopped", "已停用")], default="active", max_length=10
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("code_key",), name="warehouse_code_once")],
            },
        ),
        migrations.CreateModel(
            name="Location",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("code_key", models.CharField(max_length=192)),
                ("barcode", models.CharField(blank=True, default="", max_length=64)),
                ("barcode_key", models.CharField(blank=True, default="", max_length=192)),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "使用中"), ("stopped", "已停用")], default="active", max_length=10
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "warehouse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="locations", to="masterdata.warehouse"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("warehouse", "code_key"), name="location_code_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("barcode_key", ""), _negated=True),
                        fields=("barcode_key",),
                        name="location_barcode_once",
                    ),
                ],
                "indexes": [models.Index(fields=["code_key"], name="location_by_code")],
            },
        ),
    ]
