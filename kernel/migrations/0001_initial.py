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
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
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
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
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
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
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
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="kernel.fact",
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
    ]
