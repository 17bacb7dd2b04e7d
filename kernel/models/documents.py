"""Who did what, under which number, and which command was already answered."""

from django.db import models


class Staff(models.Model):
    """人员镜像: id and name of a member as this company's rows remember them; people themselves are shared."""

    user_id = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """操作日志: who, when, from where, what before and after. Append-only, by grant and trigger."""

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=60)
    action = models.CharField(max_length=60)
    object = models.CharField(max_length=80)
    label = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)
    token_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["object", "-id"], name="audit_object"),
            models.Index(fields=["actor_id", "-id"], name="audit_actor"),
        ]


class NumberCounter(models.Model):
    """取号器: last number given in a scope (`finance.voucher:2026-01:记`); locked by UPDATE, so numbers have no gap."""

    scope = models.CharField(max_length=120, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)


class AbstractIdempotencyKey(models.Model):
    """A command that was answered: the same key and body gets the same answer, another body is refused."""

    key = models.CharField(max_length=200)
    actor = models.CharField(max_length=60)
    method_path = models.CharField(max_length=300)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True, default="")
    content_type = models.CharField(max_length=100, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        abstract = True


class IdempotencyKey(AbstractIdempotencyKey):
    """Answers of this company's API; kept for 48 hours."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "actor"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_age")]
