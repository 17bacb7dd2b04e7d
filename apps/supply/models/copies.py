"""What was sent and received, kept by each company for itself, and what became of what came in."""

from django.db import models
from django.db.models import Q


class VersionCopy(models.Model):
    """One's own copy of a version, sent or received: the history verifies with it alone. Written once."""

    id = models.UUIDField(primary_key=True)
    link = models.UUIDField()
    chain = models.UUIDField()
    about = models.UUIDField(null=True)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    sender = models.UUIDField()
    recipient = models.UUIDField()
    sent_at = models.DateTimeField()
    payload = models.TextField()
    prev_hash = models.CharField(max_length=64, null=True)
    body_hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    key = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "chain", "seq"], name="supply_copy_place_once"),
            models.CheckConstraint(
                condition=Q(seq=1, prev_hash__isnull=True) | Q(seq__gt=1, prev_hash__isnull=False),
                name="supply_copy_chained",
            ),
        ]
        indexes = [models.Index(fields=["chain", "seq"], name="supply_copy_by_chain")]


class Inbox(models.Model):
    """收件: a version that came in. Waiting = one before it is missing or held; quarantined = it cannot be read."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待"
        APPLIED = "applied", "已处理"
        REFUSED = "refused", "已拒收"
        QUARANTINED = "quarantined", "已隔离"

    version = models.UUIDField(primary_key=True)
    link = models.UUIDField()
    chain = models.UUIDField()
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["-at", "version"], name="supply_inbox_newest"),
            models.Index(fields=["chain", "seq"], name="supply_inbox_by_chain"),
        ]


class Outbox(models.Model):
    """发件: a version that was sent, in the order of sending; what became of it stands in the exchange."""

    version = models.UUIDField(primary_key=True)
    link = models.UUIDField()
    chain = models.UUIDField()
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["-at", "version"], name="supply_outbox_newest"),
            models.Index(fields=["chain", "seq"], name="supply_outbox_by_chain"),
        ]
