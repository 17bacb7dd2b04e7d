import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from tenants.db.operations import AppendOnly, SchemaSQL

WRITTEN_ONCE = ("supply_versioncopy", "supply_despatchline", "supply_receiptline")
TRIGGERS = [
    f'CREATE TRIGGER {table}_once BEFORE UPDATE OR DELETE ON "{{schema}}"."{table}" '
    f'FOR EACH ROW EXECUTE FUNCTION "{{schema}}".refuse_change()'
    for table in WRITTEN_ONCE
]
REVERSE = [f'DROP TRIGGER {table}_once ON "{{schema}}"."{table}"' for table in WRITTEN_ONCE]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("kernel", "0002_written_once"),
        ("masterdata", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("version", models.UUIDField()),
                ("party", models.UUIDField()),
                ("state", models.CharField(max_length=10)),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": '"exchange"."receipt"',
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Bond",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("buyer", models.UUIDField(null=True)),
                ("seller", models.UUIDField(null=True)),
                ("state", models.CharField(max_length=20)),
                ("invited_by", models.UUIDField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("changed_by", models.UUIDField(null=True)),
                ("events", models.IntegerField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": '"exchange"."link"',
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("link", models.UUIDField()),
                ("grantor", models.UUIDField()),
                ("scope", models.CharField(max_length=30)),
                ("items", models.JSONField()),
                ("granularity", models.CharField(max_length=10)),
                ("starts_at", models.DateTimeField(db_column="from")),
                ("until", models.DateTimeField(null=True)),
                ("revokes", models.UUIDField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": '"exchange"."consent"',
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="DocVersion",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("link", models.UUIDField()),
                ("chain", models.UUIDField()),
                ("about", models.UUIDField(null=True)),
                ("seq", models.IntegerField()),
                ("kind", models.CharField(max_length=30)),
                ("sender", models.UUIDField()),
                ("recipient", models.UUIDField()),
                ("idem", models.CharField(max_length=200)),
                ("sent_at", models.DateTimeField()),
                ("payload", models.TextField()),
                ("prev_hash", models.CharField(max_length=64, null=True)),
                ("body_hash", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=128)),
                ("key", models.CharField(max_length=64)),
            ],
            options={
                "db_table": '"exchange"."doc_version"',
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="GuestContact",
            fields=[
                ("party", models.UUIDField(primary_key=True, serialize=False)),
                ("owner", models.UUIDField()),
                ("name", models.CharField(max_length=60)),
                ("mobile", models.CharField(max_length=30)),
                ("email", models.CharField(max_length=254)),
            ],
            options={
                "db_table": '"exchange"."guest_contact"',
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="GuestToken",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("hash", models.CharField(max_length=64)),
                ("link", models.UUIDField()),
                ("chain", models.UUIDField(null=True)),
                (
                    "verbs",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None),
                ),
                ("check_mode", models.CharField(db_column="check", max_length=10)),
                ("expires_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("issuer", models.UUIDField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": '"exchange"."guest_token"',
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("party", models.UUIDField()),
                ("who", models.CharField(max_length=10)),
                ("link", models.UUIDField()),
                ("chain", models.UUIDField()),
                ("seq", models.IntegerField()),
                ("what", models.CharField(max_length=10)),
                ("via", models.CharField(max_length=10)),
            ],
            options={
                "db_table": '"exchange"."access"',
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=200)),
                ("uscc", models.CharField(max_length=18)),
                ("public_key", models.CharField(max_length=64)),
            ],
            options={
                "db_table": '"exchange"."party"',
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="PartyKey",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("party", models.UUIDField()),
                ("public_key", models.CharField(max_length=64)),
                ("secret", models.CharField(max_length=500)),
                ("valid_from", models.DateTimeField()),
            ],
            options={
                "db_table": '"exchange"."party_key"',
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="PersonValue",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "version", "field", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.UUIDField()),
                ("field", models.CharField(max_length=60)),
                ("salt", models.CharField(max_length=64)),
                ("value", models.CharField(max_length=300)),
            ],
            options={
                "db_table": '"exchange"."person_value"',
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Despatch",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("role", models.CharField(choices=[("buyer", "采购方"), ("seller", "供应方")], max_length=10)),
                ("number", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "已发货"),
                            ("part_received", "部分收货"),
                            ("received", "已收货"),
                            ("cancelled", "已取消"),
                        ],
                        default="sent",
                        max_length=14,
                    ),
                ),
                ("seq", models.PositiveIntegerField()),
                ("ship_date", models.DateField()),
                ("eta", models.DateField(null=True)),
                ("carrier", models.CharField(blank=True, default="", max_length=100)),
                ("tracking", models.CharField(blank=True, default="", max_length=100)),
                ("sent_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Inbox",
            fields=[
                ("version", models.UUIDField(primary_key=True, serialize=False)),
                ("link", models.UUIDField()),
                ("chain", models.UUIDField()),
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=30)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等待"),
                            ("applied", "已处理"),
                            ("refused", "已拒收"),
                            ("quarantined", "已隔离"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-at", "version"], name="supply_inbox_newest"),
                    models.Index(fields=["chain", "seq"], name="supply_inbox_by_chain"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeChannel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(default="mail", max_length=10)),
                ("address", models.CharField(max_length=254)),
                ("events", models.JSONField(default=list)),
                ("is_paused", models.BooleanField(default=False)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("created_by_id", models.BigIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "address"), name="supply_channel_once")],
            },
        ),
        migrations.CreateModel(
            name="Outbox",
            fields=[
                ("version", models.UUIDField(primary_key=True, serialize=False)),
                ("link", models.UUIDField()),
                ("chain", models.UUIDField()),
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=30)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-at", "version"], name="supply_outbox_newest"),
                    models.Index(fields=["chain", "seq"], name="supply_outbox_by_chain"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplyLink",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("role", models.CharField(choices=[("buyer", "采购方"), ("seller", "供应方")], max_length=10)),
                ("own_party", models.UUIDField()),
                ("other_party", models.UUIDField(null=True)),
                ("is_guest", models.BooleanField(default=False)),
                ("is_live", models.BooleanField(default=True)),
                ("settings", models.JSONField(default=dict)),
                ("party_ids", models.JSONField(default=list)),
                ("own_party_ids", models.JSONField(default=list)),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField()),
                ("created_by_name", models.CharField(max_length=60)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.partner"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SharedOrder",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("role", models.CharField(choices=[("buyer", "采购方"), ("seller", "供应方")], max_length=10)),
                ("number", models.CharField(max_length=64)),
                ("type", models.CharField(default="standard", max_length=20)),
                ("currency", models.CharField(default="CNY", max_length=3)),
                ("over_tolerance", models.DecimalField(decimal_places=4, default=0, max_digits=9)),
                ("total", models.DecimalField(decimal_places=2, default=0, max_digits=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "待确认"),
                            ("countered", "已还价"),
                            ("agreed", "已确认"),
                            ("changing", "变更中"),
                            ("cancelling", "取消中"),
                            ("refused", "已拒绝"),
                            ("cancelled", "已取消"),
                        ],
                        max_length=12,
                    ),
                ),
                ("waiting_for", models.CharField(blank=True, default="", max_length=10)),
                (
                    "progress",
                    models.CharField(
                        choices=[
                            ("none", "未发货"),
                            ("part_shipped", "部分发货"),
                            ("shipped", "已发货"),
                            ("part_received", "部分收货"),
                            ("received", "已收货"),
                        ],
                        default="none",
                        max_length=14,
                    ),
                ),
                ("seq", models.PositiveIntegerField()),
                ("due_on", models.DateField(null=True)),
                ("sent_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("purchase_order", models.CharField(blank=True, default="", max_length=64)),
                ("internal_note", models.TextField(blank=True, default="")),
                ("search_text", models.TextField(blank=True, default="")),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="supply.supplylink"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ItemMap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("partner_item", models.CharField(max_length=64)),
                ("partner_unit", models.CharField(max_length=64)),
                ("partner_name", models.CharField(blank=True, default="", max_length=200)),
                ("numerator", models.BigIntegerField(default=1)),
                ("denominator", models.BigIntegerField(default=1)),
                ("is_proposed", models.BooleanField(default=False)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.item"
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="maps", to="supply.supplylink"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GoodsReceipt",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("chain", models.UUIDField()),
                ("seq", models.PositiveIntegerField()),
                ("received_on", models.DateField()),
                ("is_complete", models.BooleanField(default=True)),
                ("is_reversed", models.BooleanField(default=False)),
                ("sent_at", models.DateTimeField()),
                (
                    "despatch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="supply.despatch",
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="supply.supplylink"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="despatch",
            name="link",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="despatches", to="supply.supplylink"
            ),
        ),
        migrations.CreateModel(
            name="SupplyNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30)),
                ("number", models.CharField(blank=True, default="", max_length=64)),
                ("partner", models.CharField(max_length=200)),
                ("path", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待发送"), ("sent", "已发送"), ("failed", "发送失败")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_try_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="supply.noticechannel"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="VersionCopy",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("link", models.UUIDField()),
                ("chain", models.UUIDField()),
                ("about", models.UUIDField(null=True)),
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=30)),
                ("sender", models.UUIDField()),
                ("recipient", models.UUIDField()),
                ("sent_at", models.DateTimeField()),
                ("payload", models.TextField()),
                ("prev_hash", models.CharField(max_length=64, null=True)),
                ("body_hash", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=128)),
                ("key", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [models.Index(fields=["chain", "seq"], name="supply_copy_by_chain")],
                "constraints": [
                    models.UniqueConstraint(fields=("link", "chain", "seq"), name="supply_copy_place_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("prev_hash__isnull", True), ("seq", 1)),
                            models.Q(("prev_hash__isnull", False), ("seq__gt", 1)),
                            _connector="OR",
                        ),
                        name="supply_copy_chained",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Package",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("no", models.CharField(max_length=20)),
                ("kind", models.CharField(blank=True, default="", max_length=20)),
                ("sscc", models.CharField(blank=True, default="", max_length=18)),
                ("code", models.CharField(max_length=20)),
                (
                    "despatch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="packages", to="supply.despatch"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["code", "-id"], name="supply_package_by_code")],
                "constraints": [
                    models.UniqueConstraint(fields=("despatch", "no"), name="supply_package_no_once"),
                    models.UniqueConstraint(fields=("despatch", "code"), name="supply_package_code_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceiptLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("despatched", models.DecimalField(decimal_places=4, max_digits=18)),
                ("received", models.DecimalField(decimal_places=4, max_digits=18)),
                ("rejected", models.DecimalField(decimal_places=4, max_digits=18)),
                ("short", models.DecimalField(decimal_places=4, max_digits=18)),
                ("over", models.DecimalField(decimal_places=4, max_digits=18)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="supply.goodsreceipt"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt_lines",
                        to="supply.sharedorder",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["order", "line"], name="supply_receipt_line_by_order")],
                "constraints": [
                    models.UniqueConstraint(fields=("receipt", "order", "line"), name="supply_receipt_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(("rejected__lte", models.F("received"))),
                        name="supply_rejected_within_received",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("over__gte", 0), ("received__gte", 0), ("rejected__gte", 0), ("short__gte", 0)
                        ),
                        name="supply_receipt_line_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("numerator", models.BigIntegerField(default=1)),
                ("denominator", models.BigIntegerField(default=1)),
                ("is_text", models.BooleanField(default=False)),
                ("partner_item", models.CharField(blank=True, default="", max_length=64)),
                ("internal_note", models.TextField(blank=True, default="")),
                (
                    "item",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="masterdata.item"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="supply.sharedorder"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("order", "line"), name="supply_order_item_once"),
                    models.CheckConstraint(
                        condition=models.Q(("denominator__gt", 0), ("numerator__gt", 0)),
                        name="supply_order_item_factor_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DespatchLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("quantity", models.DecimalField(decimal_places=4, max_digits=18)),
                ("unit", models.CharField(max_length=64)),
                ("lot", models.CharField(blank=True, default="", max_length=60)),
                ("package", models.CharField(blank=True, default="", max_length=20)),
                (
                    "despatch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="supply.despatch"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="despatch_lines",
                        to="supply.sharedorder",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["order", "line"], name="supply_despatch_line_by_order")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 0)), name="supply_despatch_line_not_negative"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="supplylink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_live", True)), fields=("partner", "role"), name="supply_link_partner_once"
            ),
        ),
        migrations.AddIndex(
            model_name="sharedorder",
            index=models.Index(fields=["-sent_at", "id"], name="supply_order_newest"),
        ),
        migrations.AddIndex(
            model_name="sharedorder",
            index=models.Index(fields=["state", "waiting_for"], name="supply_order_by_state"),
        ),
        migrations.AddConstraint(
            model_name="sharedorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("role", "buyer")), fields=("number",), name="supply_order_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="itemmap",
            constraint=models.UniqueConstraint(fields=("link", "partner_item", "partner_unit"), name="supply_map_once"),
        ),
        migrations.AddConstraint(
            model_name="itemmap",
            constraint=models.CheckConstraint(
                condition=models.Q(("denominator__gt", 0), ("numerator__gt", 0)), name="supply_map_factor_positive"
            ),
        ),
        migrations.AddIndex(
            model_name="goodsreceipt",
            index=models.Index(fields=["-sent_at", "id"], name="supply_receipt_newest"),
        ),
        migrations.AddConstraint(
            model_name="goodsreceipt",
            constraint=models.UniqueConstraint(fields=("chain", "seq"), name="supply_receipt_place_once"),
        ),
        migrations.AddIndex(
            model_name="despatch",
            index=models.Index(fields=["-sent_at", "id"], name="supply_despatch_newest"),
        ),
        migrations.AddIndex(
            model_name="supplynotice",
            index=models.Index(fields=["state", "next_try_at"], name="supply_notice_waiting"),
        ),
        *(AppendOnly(table) for table in WRITTEN_ONCE),
        SchemaSQL(["SET LOCAL citus.enable_unsafe_triggers = on", *TRIGGERS], reverse=REVERSE),
    ]
