import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="NumberCounter",
            fields=[
                ("scope", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("last", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Staff",
            fields=[
                ("user_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("is_active", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.CharField(max_length=500)),
                ("secret", models.CharField(max_length=100)),
                ("events", models.JSONField(default=list)),
                ("is_active", models.BooleanField(default=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("paused_reason", models.CharField(blank=True, default="", max_length=200)),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField()),
                ("created_by_name", models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("path", models.CharField(max_length=120)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("content_type", models.CharField(max_length=100)),
                ("owner", models.CharField(blank=True, default="", max_length=80)),
                ("right", models.CharField(blank=True, default="", max_length=60)),
                ("created_at", models.DateTimeField()),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("created_by_name", models.CharField(blank=True, default="", max_length=60)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("owner", ""), _negated=True),
                        fields=["owner", "id"],
                        name="attachment_owner",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("path",), name="attachment_path_once"),
                    models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="attachment_not_empty"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(max_length=60)),
                ("action", models.CharField(max_length=60)),
                ("object", models.CharField(max_length=80)),
                ("label", models.CharField(max_length=200)),
                ("changes", models.JSONField(default=dict)),
                ("ip", models.GenericIPAddressField(null=True)),
                ("token_id", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="audit_newest"),
                    models.Index(fields=["object", "-id"], name="audit_object"),
                    models.Index(fields=["actor_id", "-id"], name="audit_actor"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("payload", models.JSONField()),
                ("occurred_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["name", "id"], name="fact_by_name")],
            },
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
                "indexes": [models.Index(fields=["created_at"], name="idempotency_key_age")],
                "constraints": [models.UniqueConstraint(fields=("key", "actor"), name="idempotency_key_once")],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=60)),
                ("message", models.CharField(max_length=200)),
                ("params", models.JSONField(default=dict)),
                ("url", models.CharField(blank=True, default="", max_length=300)),
                ("is_bad", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user_id", "-id"], name="notification_newest"),
                    models.Index(condition=models.Q(("read_at", None)), fields=["user_id"], name="notification_unread"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_id", models.BigIntegerField()),
                ("list", models.CharField(max_length=120)),
                ("name", models.CharField(max_length=40)),
                ("querystring", models.CharField(max_length=1000)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user_id", "list", "name"), name="saved_view_name_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reaction", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "等待"), ("done", "已处理"), ("failed", "失败")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("last_error", models.CharField(blank=True, default="", max_length=500)),
                ("next_try_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "fact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="kernel.fact"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "done"), _negated=True),
                        fields=["next_try_at", "id"],
                        name="delivery_open",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("fact", "reaction"), name="delivery_once")],
            },
        ),
        migrations.CreateModel(
            name="ImportJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "待匹配"),
                            ("queued", "排队中"),
                            ("running", "进行中"),
                            ("checked", "已检查"),
                            ("done", "已完成"),
                            ("refused", "有错误，未导入"),
                            ("failed", "失败"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("all_or_nothing", "全部正确才导入"), ("skip_bad_rows", "跳过错误行")],
                        default="all_or_nothing",
                        max_length=20,
                    ),
                ),
                (
                    "on_existing",
                    models.CharField(
                        choices=[("refuse", "已存在则报错"), ("update", "已存在则更新")],
                        default="refuse",
                        max_length=10,
                    ),
                ),
                ("is_trial", models.BooleanField(default=False)),
                ("options", models.JSONField(default=dict)),
                ("mapping", models.JSONField(default=dict)),
                ("rows_total", models.PositiveIntegerField(default=0)),
                ("rows_ok", models.PositiveIntegerField(default=0)),
                ("rows_bad", models.PositiveIntegerField(default=0)),
                ("rows_skipped", models.PositiveIntegerField(default=0)),
                ("created", models.PositiveIntegerField(default=0)),
                ("updated", models.PositiveIntegerField(default=0)),
                ("warnings", models.PositiveIntegerField(default=0)),
                ("errors", models.JSONField(default=list)),
                ("warning_rows", models.JSONField(default=list)),
                ("message", models.CharField(blank=True, default="", max_length=500)),
                ("undo_data", models.JSONField(null=True)),
                ("undo_until", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("actor", models.JSONField()),
                ("created_by_id", models.BigIntegerField()),
                ("created_by_name", models.CharField(max_length=60)),
                ("created_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "error_file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="kernel.attachment",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.attachment"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "-id"], name="import_job_of_kind")],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "排队中"), ("running", "进行中"), ("done", "已完成"), ("failed", "失败")],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("params", models.JSONField(default=dict)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("message", models.CharField(blank=True, default="", max_length=500)),
                ("url", models.CharField(blank=True, default="", max_length=300)),
                ("actor", models.JSONField()),
                ("created_by_id", models.BigIntegerField()),
                ("created_by_name", models.CharField(max_length=60)),
                ("created_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "result",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="kernel.attachment",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["created_by_id", "-id"], name="job_of_member")],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event", models.CharField(max_length=80)),
                ("body", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "等待"), ("done", "已送达"), ("failed", "失败"), ("given_up", "已放弃")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("last_status", models.PositiveSmallIntegerField(null=True)),
                ("last_error", models.CharField(blank=True, default="", max_length=500)),
                ("next_try_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "fact",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kernel.fact"
                    ),
                ),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="kernel.webhook"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "failed"])),
                        fields=["next_try_at", "id"],
                        name="webhook_delivery_open",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("webhook", "fact"), name="webhook_delivery_once")],
            },
        ),
    ]
